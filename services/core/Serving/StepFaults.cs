namespace Realiz3D.Mesh.Serving;

/// <summary>A step cannot be done before its caller's deadline. Services answer DEADLINE_EXCEEDED.</summary>
public sealed class StepDeadlineException() : Exception(
    "The work cannot be done before the call's deadline; give it more time.");

/// <summary>A step needs more memory than the device has, even halved. Services answer FAILED_PRECONDITION: waiting does not help.</summary>
/// <param name="items">Items of the pass that did not fit.</param>
/// <param name="shape">What an item looks like.</param>
/// <param name="inner">What the library said.</param>
public sealed class StepMemoryException(int items, string shape, Exception inner) : Exception(
    items > 1
        ? $"A pass of {items} items of {shape} does not fit into the device's memory; ask for at most {items / 2}."
        : $"Not even one item of {shape} fits into the device's memory; use a smaller model or a device with more memory.",
    inner)
{
    /// <summary>Whether a fault says that memory ran out.</summary>
    internal static bool IsCause(Exception fault) =>
        (fault as AggregateException)?.InnerExceptions.Any(IsCause)
        ?? (fault is OutOfMemoryException
            || fault.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)      // libtorch, CUDA
            || fault.Message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase)); // libtorch, CPU
}

/// <summary>A step does not end: the device hangs. Services answer UNAVAILABLE, and the pod goes.</summary>
/// <param name="patience">How long it was waited for.</param>
public sealed class StepStuckException(TimeSpan patience) : Exception(
    $"A denoise step has not ended in {patience.TotalSeconds:F0} s; this pod stops.")
{
    /// <summary>How long it was waited for.</summary>
    public TimeSpan Patience { get; } = patience;
}
