using System.Globalization;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Storage;
using StackExchange.Redis;

namespace Realiz3D.Mesh.Jobs;

/// <summary>How long the stages take on this mesh: a moving average of what was measured, kept in Redis.</summary>
internal sealed class StageDurations(RedisLink redis)
{
    // A new measurement's weight. Old machines and models are forgotten after about ten jobs.
    private const double Weight = 0.3;

    private static readonly RedisKey s_key = JobStore.Prefix + ":durations";
    private static readonly Stage[] s_stages = [Stage.Views, Stage.Geometry, Stage.Appearance, Stage.Metrics];

    // In seconds, seen on two CPU cores; until the mesh has measured its own.
    private static readonly Dictionary<Stage, double> s_firstGuess = new()
    {
        [Stage.Views] = 15,
        [Stage.Geometry] = 20,
        [Stage.Appearance] = 8,
        [Stage.Metrics] = 3,
    };

    /// <summary>Reads the averages.</summary>
    public async Task<Expected> ReadAsync()
    {
        var reply = (RedisValue[])(await redis.CallAsync("HGETALL", s_key))!;
        var measured = reply.Chunk(2).ToDictionary(
            pair => pair[0].Text(),
            pair => double.Parse(pair[1].Text(), CultureInfo.InvariantCulture));
        return new Expected(s_stages.ToDictionary(
            stage => stage,
            stage => measured.GetValueOrDefault(stage.ToString(), s_firstGuess[stage])));
    }

    /// <summary>Adds a measurement.</summary>
    public async Task AddAsync(Stage stage, TimeSpan measured)
    {
        var known = await redis.CallAsync("HGET", s_key, stage.ToString());
        var average = known.IsNull
            ? measured.TotalSeconds
            : (1 - Weight) * double.Parse(known.Text(), CultureInfo.InvariantCulture) + Weight * measured.TotalSeconds;
        await redis.CallAsync("HSET", s_key, stage.ToString(), average.ToString("R", CultureInfo.InvariantCulture));
    }

    /// <summary>What to expect of a job.</summary>
    /// <param name="Seconds">Seconds of each stage.</param>
    public sealed record Expected(IReadOnlyDictionary<Stage, double> Seconds)
    {
        // Below this share the measured pace says more about starting up than about the work.
        private const double TrustedShare = 0.1;

        /// <summary>Time that a job takes from the beginning.</summary>
        public TimeSpan Whole => After(Stage.Unspecified);

        /// <summary>Time that the stages behind one take.</summary>
        public TimeSpan After(Stage stage) =>
            TimeSpan.FromSeconds(Seconds.Where(expected => expected.Key > stage).Sum(expected => expected.Value));

        /// <summary>Time left when a stage has run for some time and got so far.</summary>
        /// <param name="stage">The stage.</param>
        /// <param name="elapsed">Time that it has taken.</param>
        /// <param name="share">Share of its steps that are done, 0 to 1.</param>
        public TimeSpan Left(Stage stage, TimeSpan elapsed, double share)
        {
            var own = share >= TrustedShare
                ? elapsed.TotalSeconds * (1 - share) / share
                : Math.Max(Seconds[stage] - elapsed.TotalSeconds, 0);
            return TimeSpan.FromSeconds(own) + After(stage);
        }
    }
}
