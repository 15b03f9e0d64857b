namespace Realiz3D.Mesh.Serving;

/// <summary>A job that was let in: its steps are never refused for want of room, and count as work until they are done or it ends.</summary>
public sealed class AnnouncedWork : IDisposable
{
    private readonly Action<AnnouncedWork> _end;
    private int _left;

    internal AnnouncedWork(StepKey key, StepOrigin origin, int items, Action<AnnouncedWork> end) =>
        (Key, Origin, _left, _end) = (key, origin, items, end);

    /// <summary>Whose it is.</summary>
    public StepOrigin Origin { get; }

    /// <summary>Whether no step so far was shared with others: the results then have the bytes that the job gives by itself.</summary>
    public bool RanAlone { get; private set; } = true;

    /// <summary>What its steps look like.</summary>
    internal StepKey Key { get; }

    /// <summary>Items times steps to come.</summary>
    internal int Left => Volatile.Read(ref _left);

    /// <summary>Takes the items of a step off; only the batcher's thread does.</summary>
    internal void Done(int items) => Volatile.Write(ref _left, Math.Max(0, _left - items));

    /// <summary>Notes that a step was shared; only the batcher's thread does, before it hands the rows out.</summary>
    internal void Shared() => RanAlone = false;

    /// <summary>Ends the job, however it ends.</summary>
    public void Dispose() => _end(this);
}
