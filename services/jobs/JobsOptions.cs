using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Jobs;

/// <summary>Settings, checked at start.</summary>
/// <param name="Queue">Connection string of the queue's Redis, <c>ConnectionStrings__queue</c>.</param>
/// <param name="Artifacts">Directory of the artifact store, <c>REALIZ3D_ARTIFACTS</c>.</param>
/// <param name="Workers">Jobs that run at once, <c>Jobs__Workers</c>. One fills two CPU cores.</param>
/// <param name="QueueLimit">Jobs that may wait or run, <c>Jobs__QueueLimit</c>.</param>
/// <param name="TakeOver">Silence after which a worker counts as dead, <c>Jobs__TakeOver</c>.</param>
/// <param name="Silence">Silence after which a stage counts as hung, <c>Jobs__Silence</c>.</param>
/// <param name="FirstRetry">Wait before the first repeat of a call, <c>Jobs__FirstRetry</c>; it doubles each time.</param>
internal sealed record JobsOptions(
    string Queue,
    string Artifacts,
    int Workers,
    int QueueLimit,
    TimeSpan TakeOver,
    TimeSpan Silence,
    TimeSpan FirstRetry)
{
    public static JobsOptions Read(IConfiguration configuration)
    {
        var jobs = configuration.GetSection("Jobs");
        var options = new JobsOptions(
            configuration.GetConnectionString("queue")
                ?? throw new InvalidOperationException("ConnectionStrings__queue does not name the queue's Redis."),
            configuration[ArtifactStore.DirectoryVariable]
                ?? throw new InvalidOperationException(
                    $"{ArtifactStore.DirectoryVariable} does not name the artifact directory."),
            jobs.GetValue("Workers", 1),
            jobs.GetValue("QueueLimit", 1024),
            jobs.GetValue("TakeOver", TimeSpan.FromSeconds(15)),
            jobs.GetValue("Silence", TimeSpan.FromMinutes(2)),
            jobs.GetValue("FirstRetry", TimeSpan.FromSeconds(1)));
        Require(options.Workers is >= 0 and <= 64, "Jobs__Workers must be 0 to 64.");
        Require(options.QueueLimit is >= 1 and <= 100_000, "Jobs__QueueLimit must be 1 to 100000.");
        Require(options.TakeOver > TimeSpan.Zero, "Jobs__TakeOver must be positive.");
        Require(options.Silence > TimeSpan.Zero, "Jobs__Silence must be positive.");
        Require(options.FirstRetry > TimeSpan.Zero, "Jobs__FirstRetry must be positive.");
        return options;
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
