using Google.Protobuf;
using Grpc.Core;
using Realiz3D.Mesh.Grpc.Interop.Wire;

namespace Realiz3D.Mesh.Grpc.Interop;

/// <summary>What a case asserts, and the payloads that cases share.</summary>
internal static class Expect
{
    public static void Equal<T>(T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new InteropFailureException($"{what}: {actual} in place of {expected}");
        }
    }

    /// <summary>The payload is that many zeros.</summary>
    public static void Zeros(int size, Payload? payload)
    {
        Equal(size, payload?.Body.Length ?? 0, "size of the payload");
        Equal(false, payload?.Body.Span.ContainsAnyExcept((byte)0) ?? false, "other bytes than zeros");
    }

    /// <summary>The call ends with this status.</summary>
    public static async Task<Status> StatusAsync(StatusCode code, Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (RpcException failure)
        {
            Equal(code, failure.StatusCode, "status");
            return failure.Status;
        }

        throw new InteropFailureException($"the call succeeded in place of ending with {code}");
    }

    /// <summary>The stream has no message more.</summary>
    public static async Task EndAsync<T>(IAsyncStreamReader<T> stream) =>
        Equal(false, await stream.MoveNext(CancellationToken.None), "one more message");

    /// <summary>The next message of a stream.</summary>
    public static async Task<T> NextAsync<T>(IAsyncStreamReader<T> stream)
    {
        Equal(true, await stream.MoveNext(CancellationToken.None), "a next message");
        return stream.Current;
    }

    /// <summary>A payload of zeros to send.</summary>
    public static Payload Payload(int size) => new() { Body = UnsafeByteOperations.UnsafeWrap(new byte[size]) };
}

/// <summary>A case went otherwise than its description says.</summary>
internal sealed class InteropFailureException(string message) : Exception(message);
