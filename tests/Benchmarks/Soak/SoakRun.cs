using System.Collections.Concurrent;
using Grpc.Core;

namespace Realiz3D.Mesh.Benchmarks.Soak;

/// <summary>Makes calls, drawn from a seed, many at a time.</summary>
internal sealed class SoakRun(IReadOnlyList<SoakCall> kinds, int seed)
{
    private const int AtATime = 16;
    private const int Crowd = 64;
    private const int MostProblems = 20;
    private const int LogLines = 1000;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private readonly ConcurrentDictionary<(string Kind, StatusCode Status), int> _ended = new();
    private readonly ConcurrentQueue<string> _problems = new();

    /// <summary>What went otherwise than it must, at most a few sentences.</summary>
    public IReadOnlyCollection<string> Problems => _problems;

    /// <summary>Makes each kind of call once, to its end, and crowds of the heavy ones, so that all that is made once is made.</summary>
    public async Task WarmUpAsync(CancellationToken cancel)
    {
        foreach (var kind in kinds)
        {
            cancel.ThrowIfCancellationRequested();
            await MakeAsync(kind, kind.Heavy ? CallEnding.Cancelled : CallEnding.ByItself, new Random(seed));
        }

        // More at once than a service admits: what a refusal for want of room needs is made at the first one.
        foreach (var kind in kinds.Where(kind => kind.Heavy))
        {
            await Task.WhenAll(Enumerable.Range(0, Crowd).Select(_ => MakeAsync(kind, CallEnding.Cancelled, new Random(seed))));
        }
    }

    /// <summary>Makes refused calls until the host's logs, which keep a service's last 1,000 lines, are full.</summary>
    public async Task FillLogsAsync(CancellationToken cancel)
    {
        foreach (var kind in kinds.Where(kind => kind.IsRefused))
        {
            for (var call = 0; call < LogLines; call++)
            {
                cancel.ThrowIfCancellationRequested();
                await MakeAsync(kind, CallEnding.ByItself, new Random(seed));
            }
        }
    }

    /// <summary>Makes the calls of the given numbers. The same number makes the same call.</summary>
    public Task RunAsync(int from, int to, CancellationToken cancel) => Parallel.ForAsync(
        from,
        to,
        new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancel },
        async (number, _) =>
        {
            var random = new Random(unchecked((seed * 1_000_003) + number));
            var kind = Draw(random);
            await MakeAsync(kind, kind.DrawEnding(random), random);
        });

    /// <summary>How often each kind has ended with each status.</summary>
    public IEnumerable<string> Tally() =>
        from kind in kinds
        let ends = _ended.Where(end => end.Key.Kind == kind.Name).OrderBy(end => end.Key.Status).ToList()
        select $"{kind.Name,-30} {ends.Sum(end => end.Value),6}   {string.Join(", ", ends.Select(end => $"{end.Key.Status} {end.Value}"))}";

    private async Task MakeAsync(SoakCall kind, CallEnding ending, Random random)
    {
        try
        {
            var status = await kind.MakeAsync(ending, random).WaitAsync(s_patience);
            _ended.AddOrUpdate((kind.Name, status), 1, (_, count) => count + 1);
        }
        catch (Exception problem) when (problem is InvalidOperationException or InvalidDataException or TimeoutException)
        {
            if (_problems.Count < MostProblems)
            {
                _problems.Enqueue(problem is TimeoutException ? $"{kind.Name}, {ending}: does not end." : problem.Message);
            }
        }
    }

    private SoakCall Draw(Random random)
    {
        var place = random.Next(kinds.Sum(kind => kind.Weight));
        return kinds.First(kind => (place -= kind.Weight) < 0);
    }
}
