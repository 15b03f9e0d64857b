using Grpc.Core.Utils;

namespace Grpc.Core;

/// <summary>A call ended with another status than OK.</summary>
public class RpcException : Exception
{
    /// <summary>Creates the exception of a status.</summary>
    public RpcException(Status status)
        : this(status, status.ToString(), Metadata.Empty)
    {
    }

    /// <summary>Creates the exception of a status, with a message of its own.</summary>
    public RpcException(Status status, string message)
        : this(status, message, Metadata.Empty)
    {
    }

    /// <summary>Creates the exception of a status and the trailers that came with it.</summary>
    public RpcException(Status status, Metadata trailers)
        : this(status, status.ToString(), trailers)
    {
    }

    /// <summary>Creates the exception of a status and its trailers, with a message of its own.</summary>
    public RpcException(Status status, Metadata trailers, string message)
        : this(status, message, trailers)
    {
    }

    private RpcException(Status status, string message, Metadata trailers)
        : base(message, status.DebugException)
    {
        Status = status;
        Trailers = GrpcPreconditions.CheckNotNull(trailers, nameof(trailers));
    }

    /// <summary>How the call ended, and why.</summary>
    public Status Status { get; }

    /// <summary>How the call ended.</summary>
    public StatusCode StatusCode => Status.StatusCode;

    /// <summary>What the server sent after its last message; may be empty.</summary>
    public Metadata Trailers { get; }
}
