using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Realiz3D.Mesh.Contracts;
using Yarp.ReverseProxy.Forwarder;

namespace Realiz3D.Mesh.Gateway;

/// <summary>Says no in one sentence: as a gRPC status to gRPC callers, as an HTTP status with text to others.</summary>
internal static class Refusals
{
    // A service's timer may be early by so much.
    private static readonly TimeSpan s_coarseness = TimeSpan.FromMilliseconds(2);

    /// <summary>Answers a call that may come back: RESOURCE_EXHAUSTED with <c>google.rpc.RetryInfo</c>, or 429 with Retry-After.</summary>
    public static Task AnswerLaterAsync(HttpContext context, string sentence, TimeSpan delay)
    {
        var headers = context.Response.Headers;
        if (IsGrpc(context.Request))
        {
            foreach (var hint in RetryLater.Refusal(sentence, delay).Trailers)
            {
                headers[hint.Key] = hint.IsBinary ? Convert.ToBase64String(hint.ValueBytes) : hint.Value;
            }
        }
        else
        {
            headers.RetryAfter = Math.Ceiling(delay.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        return AnswerAsync(context, StatusCodes.Status429TooManyRequests, StatusCode.ResourceExhausted, sentence);
    }

    /// <summary>Answers a call that goes no further.</summary>
    public static Task AnswerAsync(HttpContext context, int httpStatus, StatusCode grpcStatus, string sentence)
    {
        var response = context.Response;
        if (!IsGrpc(context.Request))
        {
            response.StatusCode = httpStatus;
            response.ContentType = "text/plain; charset=utf-8";
            return response.WriteAsync(sentence, context.RequestAborted);
        }

        // "Trailers-Only" of the gRPC protocol: the status rides in the headers of an empty answer.
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = ((int)grpcStatus).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = Uri.EscapeDataString(sentence).Replace("%20", " ", StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    /// <summary>Runs the rest of the proxy, and puts what it could not do into words.</summary>
    public static async Task AnswerWhatFailedAsync(HttpContext context, Func<Task> next)
    {
        var since = Stopwatch.GetTimestamp();
        await next();
        if (context.GetForwarderErrorFeature() is not { } failure || context.RequestAborted.IsCancellationRequested)
        {
            return; // it went well, or the caller has gone
        }

        var logger = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Refusals));
        var resource = context.GetReverseProxyFeature().Cluster.Config.ClusterId;
        if (context.Response.HasStarted)
        {
            Log.AnswerBroke(logger, resource, failure.Exception?.Message);
            return;
        }

        var (httpStatus, grpcStatus, sentence) = failure.Error switch
        {
            _ when context.Response.StatusCode == StatusCodes.Status413PayloadTooLarge => (
                StatusCodes.Status413PayloadTooLarge,
                StatusCode.ResourceExhausted,
                "The request is larger than this gateway lets through."),
            ForwarderError.RequestBodyClient => (
                StatusCodes.Status400BadRequest, StatusCode.Cancelled, "The request ended before it was whole."),
            _ when IsOverDeadline(context.Request, Stopwatch.GetElapsedTime(since)) => (
                StatusCodes.Status504GatewayTimeout, StatusCode.DeadlineExceeded, "The call's deadline passed before it was done."),
            _ => (
                StatusCodes.Status503ServiceUnavailable,
                StatusCode.Unavailable,
                $"The service '{resource}' does not answer now; try again in a moment."),
        };
        if (grpcStatus == StatusCode.Unavailable)
        {
            Log.NoAnswer(logger, resource, failure.Exception?.Message);
        }

        context.Response.Clear();
        await AnswerAsync(context, httpStatus, grpcStatus, sentence);
    }

    private static bool IsGrpc(HttpRequest request) =>
        request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>
    /// Whether the time that the caller gave (<c>grpc-timeout</c>: up to eight digits and a unit) is over. The service
    /// then cuts the call, which from here looks like a service that fell silent.
    /// </summary>
    private static bool IsOverDeadline(HttpRequest request, TimeSpan took)
    {
        var text = request.Headers["grpc-timeout"].ToString();
        if (text.Length is < 2 or > 9 || !long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
        {
            return false;
        }

        var given = text[^1] switch
        {
            'H' => TimeSpan.FromHours(amount),
            'M' => TimeSpan.FromMinutes(amount),
            'S' => TimeSpan.FromSeconds(amount),
            'm' => TimeSpan.FromMilliseconds(amount),
            'u' => TimeSpan.FromMicroseconds(amount),
            'n' => TimeSpan.FromMicroseconds(amount / 1000.0),
            _ => TimeSpan.MaxValue,
        };
        return took + s_coarseness >= given;
    }
}
