using Grpc.Core.Utils;

namespace Grpc.Core;

/// <summary>A connection to a target, over which many calls run at once.</summary>
public abstract class ChannelBase
{
    /// <summary>Creates a channel to the target.</summary>
    protected ChannelBase(string target) => Target = GrpcPreconditions.CheckNotNull(target, nameof(target));

    /// <summary>What the channel was created for.</summary>
    public string Target { get; }

    /// <summary>An invoker whose calls run over this channel.</summary>
    public abstract CallInvoker CreateCallInvoker();

    /// <summary>Closes the channel.</summary>
    public Task ShutdownAsync() => ShutdownAsyncCore();

    /// <summary>Closes the channel.</summary>
    protected virtual Task ShutdownAsyncCore() => Task.CompletedTask;
}
