using System.Diagnostics.Tracing;

namespace Realiz3D.Mesh.Benchmarks.Soak;

/// <summary>Counts the tensors that were left to the collector: the runtime reports each object whose finalizer runs.</summary>
/// <remarks>Watched only where <see cref="Variable"/> is set: the report needs buffers that would show in a process's memory.</remarks>
internal sealed class ForgottenTensors : EventListener
{
    /// <summary>Environment variable that turns the watch on.</summary>
    public const string Variable = "REALIZ3D_SOAK_FORGOTTEN";

    private const EventKeywords Collector = (EventKeywords)0x1;
    private static Type? s_tensor;
    private long _count;

    /// <summary>TorchSharp's tensor, once the process has loaded TorchSharp.</summary>
    public static Type? TensorType => s_tensor ??= AppDomain.CurrentDomain.GetAssemblies()
        .FirstOrDefault(assembly => assembly.GetName().Name == "TorchSharp")?.GetType("TorchSharp.torch+Tensor");

    /// <summary>Tensors so far.</summary>
    public long Count => Interlocked.Read(ref _count);

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime"
            && Environment.GetEnvironmentVariable(Variable) is { Length: > 0 })
        {
            EnableEvents(eventSource, EventLevel.Verbose, Collector);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // The type is reported as the address of its method table.
        if (eventData is { EventName: not null, Payload: [nint type, ..] }
            && eventData.EventName.StartsWith("FinalizeObject", StringComparison.Ordinal)
            && type == TensorType?.TypeHandle.Value)
        {
            Interlocked.Increment(ref _count);
        }
    }
}
