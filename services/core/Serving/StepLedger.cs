namespace Realiz3D.Mesh.Serving;

/// <summary>Keeps account of the work ahead, and says what there is no room or no time for. Not thread-safe.</summary>
/// <param name="options">Bounds.</param>
/// <param name="time">The clock.</param>
internal sealed class StepLedger(StepBatcherOptions options, TimeProvider time)
{
    private readonly StepShapes _shapes = new();
    private readonly HashSet<AnnouncedWork> _jobs = [];

    /// <summary>What steps of a key have shown.</summary>
    public StepShape ShapeOf(StepKey key) => _shapes.Of(key);

    /// <summary>Most items of a batch.</summary>
    public int LimitOf(StepKey key) => Math.Min(options.MaxBatchItems, ShapeOf(key).Limit);

    public void Open(AnnouncedWork job) => _jobs.Add(job);

    public void Close(AnnouncedWork job) => _jobs.Remove(job);

    public bool IsOpen(AnnouncedWork job) => _jobs.Contains(job);

    /// <summary>Remaining work of a class: what its jobs have left, and its calls, in measured seconds.</summary>
    /// <param name="each">The class.</param>
    /// <param name="calls">Calls that wait or run.</param>
    public double WorkSeconds(StepClass each, IEnumerable<WaitingStep> calls) =>
        _jobs.Where(job => job.Origin.Class == each).Select(job => (job.Key, Items: job.Left))
            .Concat(calls.Where(call => call.Origin.Class == each).Select(call => (call.Request.Key, call.Items)))
            .Sum(work => ShapeOf(work.Key).SecondsPerItem * work.Items);

    /// <summary>Why a job or a call is not let in; null when it is.</summary>
    /// <param name="key">What its steps look like.</param>
    /// <param name="items">Items of a step.</param>
    /// <param name="itemsNeeded">Items of all of its steps.</param>
    /// <param name="origin">Whose it is.</param>
    /// <param name="queued">Items that wait.</param>
    /// <param name="calls">Calls that wait or run.</param>
    public (string Reason, Exception Fault)? ReasonToRefuse(
        StepKey key, int items, int itemsNeeded, StepOrigin origin, int queued, IEnumerable<WaitingStep> calls)
    {
        var ahead = Enum.GetValues<StepClass>().Sum(each => WorkSeconds(each, calls));
        if (queued + items > options.MaxQueuedItems)
        {
            return ("length", Full($"its limit of {options.MaxQueuedItems} denoise steps", ahead));
        }

        // One that is larger than the bound is let in where there is room, and none behind it.
        if (ahead >= options.MaxWorkSeconds)
        {
            return ("work", Full($"{ahead:F0} s of work, its limit is {options.MaxWorkSeconds:F0} s", ahead));
        }

        return IsLate(key, itemsNeeded, origin, TimeSpan.Zero) ? ("deadline", new StepDeadlineException()) : null;
    }

    /// <summary>Whether items cannot be done before their deadline, begun after a time at the earliest.</summary>
    public bool IsLate(StepKey key, int items, StepOrigin origin, TimeSpan before) =>
        origin.Deadline is { } deadline && time.GetUtcNow() + before + TimeFor(key, items) > deadline;

    /// <summary>The time that items take, none where nothing was measured: a deadline is not missed by a guess.</summary>
    public TimeSpan TimeFor(StepKey key, int items) =>
        ShapeOf(key) is { IsMeasured: true } shape ? TimeSpan.FromSeconds(shape.SecondsPerItem * items) : TimeSpan.Zero;

    private static QueueFullException Full(string bound, double ahead) => new(bound, ahead, Random.Shared.NextDouble());
}
