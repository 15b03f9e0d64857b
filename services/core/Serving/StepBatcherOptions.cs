namespace Realiz3D.Mesh.Serving;

/// <summary>Limits of a <see cref="StepBatcher"/>.</summary>
/// <param name="MaxBatchItems">Most items of one batch. A request with more runs alone.</param>
/// <param name="MaxQueuedItems">Most items that may wait.</param>
/// <param name="MaxWorkSeconds">Seconds of work ahead from which on no more is taken on.</param>
/// <param name="LeastStep">A step lasts at least so long: a simulated device. Zero on real ones.</param>
public sealed record StepBatcherOptions(
    int MaxBatchItems = 32, int MaxQueuedItems = 1024, double MaxWorkSeconds = 120, TimeSpan LeastStep = default);
