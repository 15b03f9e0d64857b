namespace Realiz3D.Mesh.Serving;

/// <summary>Notices a step that does not end.</summary>
/// <param name="time">The clock.</param>
/// <param name="bark">Called once, on another thread, when a step has outlasted its patience.</param>
internal sealed class StepWatchdog(TimeProvider time, Action<TimeSpan> bark)
{
    /// <summary>Watches until the result is disposed.</summary>
    public IDisposable Watch(TimeSpan patience) =>
        time.CreateTimer(_ => bark(patience), null, patience, Timeout.InfiniteTimeSpan);
}
