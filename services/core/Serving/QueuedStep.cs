namespace Realiz3D.Mesh.Serving;

/// <summary>What the queue has to know of a step that waits.</summary>
/// <param name="key">Steps with equal keys may share a batch.</param>
/// <param name="origin">Whose it is.</param>
/// <param name="items">Rows of the batch that it takes, at least 1.</param>
/// <param name="isCall">Whether it is single and stateless, not the step of a job.</param>
/// <param name="since">When it came.</param>
internal class QueuedStep(object key, StepOrigin origin, int items, bool isCall, DateTimeOffset since)
{
    public object Key { get; } = key;

    public StepOrigin Origin { get; } = origin;

    public int Items { get; } = items;

    public bool IsCall { get; } = isCall;

    public DateTimeOffset Since { get; } = since;
}
