using Grpc.Core;

namespace Realiz3D.Mesh.Benchmarks.Soak;

/// <summary>How a call is to end.</summary>
internal enum CallEnding
{
    /// <summary>By itself, without a deadline.</summary>
    ByItself,

    /// <summary>By itself, under a deadline that it keeps.</summary>
    InTime,

    /// <summary>The deadline has passed before it starts.</summary>
    TooLate,

    /// <summary>The deadline passes somewhere on the way.</summary>
    OverDeadline,

    /// <summary>The client cancels somewhere on the way.</summary>
    Cancelled,
}

/// <summary>A kind of call.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Weight">How often it is drawn, against the sum of all weights.</param>
/// <param name="Milliseconds">Within this time of its start it is cancelled or its deadline passes.</param>
/// <param name="Run">Makes the call under the given options; checks the values that come back.</param>
/// <param name="Refusals">Statuses other than OK that a call may end with when it is left alone.</param>
internal sealed record SoakCall(
    string Name, int Weight, int Milliseconds, Func<CallOptions, Random, Task> Run, params StatusCode[] Refusals)
{
    /// <summary>Work of many seconds, never left to end by itself.</summary>
    public bool Heavy { get; init; }

    /// <summary>Left alone it is refused, and its service says so in its log.</summary>
    public bool IsRefused => Refusals.Contains(StatusCode.NotFound) || Refusals.Contains(StatusCode.InvalidArgument);

    /// <summary>Draws a way to end.</summary>
    public CallEnding DrawEnding(Random random) => random.NextDouble() switch
    {
        _ when Heavy => CallEnding.Cancelled,
        < 0.35 => CallEnding.ByItself,
        < 0.50 => CallEnding.InTime,
        < 0.55 => CallEnding.TooLate,
        < 0.75 => CallEnding.OverDeadline,
        _ => CallEnding.Cancelled,
    };

    /// <summary>Makes the call, ended in one of the ways.</summary>
    /// <returns>The status it ended with.</returns>
    /// <exception cref="InvalidOperationException">It ended in a way that it must not.</exception>
    public async Task<StatusCode> MakeAsync(CallEnding ending, Random random)
    {
        var after = TimeSpan.FromMilliseconds(random.NextDouble() * Milliseconds);
        using var cancel = new CancellationTokenSource();
        var options = ending switch
        {
            CallEnding.InTime => new CallOptions(deadline: DateTime.UtcNow.AddMinutes(2)),
            CallEnding.TooLate => new CallOptions(deadline: DateTime.UtcNow.AddSeconds(-1)),
            CallEnding.OverDeadline => new CallOptions(deadline: DateTime.UtcNow + after),
            _ => new CallOptions(cancellationToken: cancel.Token),
        };
        if (random.Next(4) == 0)
        {
            options = options.WithHeaders(new Metadata { { "grpc-internal-encoding-request", "gzip" } });
        }

        if (ending == CallEnding.Cancelled)
        {
            cancel.CancelAfter(after);
        }

        var status = await StatusOfAsync(Run(options, random)).ConfigureAwait(false);
        var expected = status.StatusCode switch
        {
            StatusCode.OK => ending != CallEnding.TooLate,
            StatusCode.Cancelled => ending is CallEnding.Cancelled or CallEnding.OverDeadline,
            StatusCode.DeadlineExceeded => ending is CallEnding.TooLate or CallEnding.OverDeadline,
            _ => Refusals.Contains(status.StatusCode),
        };
        return expected
            ? status.StatusCode
            : throw new InvalidOperationException($"{Name}, {ending}: ended with {status.StatusCode}, {status.Detail}");
    }

    private static async Task<Status> StatusOfAsync(Task call)
    {
        try
        {
            await call.ConfigureAwait(false);
            return Status.DefaultSuccess;
        }
        catch (RpcException ended)
        {
            return ended.Status;
        }
        catch (OperationCanceledException)
        {
            return Status.DefaultCancelled;
        }
        catch (IOException cut)
        {
            return new Status(StatusCode.Cancelled, cut.Message); // the service let go while the client was writing
        }
        catch (InvalidOperationException cut) when (cut.Message.StartsWith("Can't write the message", StringComparison.Ordinal))
        {
            return new Status(StatusCode.Cancelled, cut.Message);
        }
    }
}
