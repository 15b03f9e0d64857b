using System.Globalization;
using Grpc.Core;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Jobs.V1;

namespace Realiz3D.Mesh.Jobs;

/// <summary>Calls the services that do the stages, and decides what their answers mean for a job.</summary>
/// <remarks>
/// A service that is full is asked again when it says so, for as long as the job lasts. One that cannot be reached, or falls
/// silent, is asked a few times, each time another pod if there is one; then the job fails. Any other error is the job's: it
/// would be the same the next time. Every call says who pays.
/// </remarks>
internal sealed class StageCalls(JobsOptions options, ILogger<StageCalls> logger)
{
    private const int MostUnavailable = 5;
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_longestHint = TimeSpan.FromMinutes(10);

    /// <summary>A stage's stream of answers: what each carries.</summary>
    /// <typeparam name="TResponse">The rpc's response.</typeparam>
    /// <typeparam name="TResult">The last response's part.</typeparam>
    /// <param name="Service">Name for messages.</param>
    /// <param name="Open">Starts the call.</param>
    /// <param name="ProgressOf">Progress in a response, or null.</param>
    /// <param name="ResultOf">Result in a response, or null.</param>
    public sealed record Stream<TResponse, TResult>(
        string Service,
        Func<CallOptions, AsyncServerStreamingCall<TResponse>> Open,
        Func<TResponse, StageProgress?> ProgressOf,
        Func<TResponse, TResult?> ResultOf)
        where TResult : class
    {
        /// <summary>Told of each response, before the next is read.</summary>
        public Func<TResponse, CancellationToken, Task> Heard { get; init; } = (_, _) => Task.CompletedTask;
    }

    /// <summary>Runs a streaming call to its result, passing progress on.</summary>
    /// <exception cref="JobFailedException">The stage cannot be done.</exception>
    public Task<TResult> RunAsync<TResponse, TResult>(
        Stream<TResponse, TResult> stream,
        JobRun run,
        CancellationToken cancel)
        where TResult : class =>
        PersistAsync(stream.Service, token => ReadAsync(stream, run, token), run, cancel);

    /// <summary>Runs a unary call.</summary>
    /// <exception cref="JobFailedException">The stage cannot be done.</exception>
    public Task<TResponse> AskAsync<TResponse>(
        string service,
        Func<CallOptions, AsyncUnaryCall<TResponse>> call,
        JobRun run,
        CancellationToken cancel) =>
        PersistAsync(service, async token => await call(OptionsOf(run, token)), run, cancel);

    private async Task<TResult> ReadAsync<TResponse, TResult>(
        Stream<TResponse, TResult> stream,
        JobRun run,
        CancellationToken cancel)
        where TResult : class
    {
        using var watchdog = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        watchdog.CancelAfter(options.Silence);
        try
        {
            using var call = stream.Open(OptionsOf(run, watchdog.Token));
            TResult? result = null;
            while (await call.ResponseStream.MoveNext(watchdog.Token))
            {
                watchdog.CancelAfter(options.Silence);
                var response = call.ResponseStream.Current;
                await stream.Heard(response, cancel);
                if (stream.ProgressOf(response) is { } progress)
                {
                    await run.ReportAsync(progress);
                }

                result = stream.ResultOf(response) ?? result;
            }

            return result ?? throw Unavailable("it ended without a result");
        }
        catch (Exception silent) when (watchdog.IsCancellationRequested && !cancel.IsCancellationRequested
            && silent is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            throw Unavailable($"it was silent for {options.Silence.TotalSeconds:0} seconds");
        }
    }

    private async Task<T> PersistAsync<T>(
        string service,
        Func<CancellationToken, Task<T>> attempt,
        JobRun run,
        CancellationToken cancel)
    {
        var unavailable = 0;
        for (var backoff = options.FirstRetry; ; backoff = Min(2 * backoff, s_longestWait))
        {
            var wait = backoff;
            try
            {
                return await attempt(cancel);
            }
            catch (RpcException) when (cancel.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancel);
            }
            catch (RpcException full) when (full.StatusCode == StatusCode.ResourceExhausted)
            {
                Log.ServiceFull(logger, service, run.Job.JobId);
                await run.ReportAsync(new StageProgress { StepCount = 1, Message = $"waiting: {service} is busy" });
                wait = HintOf(full) ?? backoff;
            }
            catch (RpcException gone) when (gone.StatusCode == StatusCode.Unavailable)
            {
                Log.ServiceUnavailable(logger, service, run.Job.JobId, gone.Status.Detail);
                if (++unavailable == MostUnavailable)
                {
                    throw new JobFailedException(
                        $"The {service} service cannot be reached.",
                        "See its log, then try again.",
                        gone);
                }

                await run.ReportAsync(new StageProgress { StepCount = 1, Message = $"waiting for {service}" });
            }
            catch (RpcException refused)
            {
                throw new JobFailedException(refused.Status.Detail, SuggestionFor(service, refused.StatusCode), refused);
            }

            await Task.Delay(wait, cancel);
        }
    }

    private static string SuggestionFor(string service, StatusCode code) => code switch
    {
        StatusCode.InvalidArgument => "Change the request and submit it again.",
        StatusCode.NotFound or StatusCode.FailedPrecondition => $"Put right what the {service} service names, then try again.",
        _ => $"See the log of the {service} service, then try again.",
    };

    private static CallOptions OptionsOf(JobRun run, CancellationToken cancel) =>
        new(headers: TenantMetadata.Of(run.Tenant), cancellationToken: cancel);

    // As the status details say, or in milliseconds, as gRPC's retry design (A6) has it.
    private static TimeSpan? HintOf(RpcException full)
    {
        var hint = RetryLater.DelayOf(full);
        if (hint is null && int.TryParse(
            full.Trailers.GetValue("grpc-retry-pushback-ms"), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
        {
            hint = TimeSpan.FromMilliseconds(milliseconds);
        }

        return hint is { } wait && wait >= TimeSpan.Zero ? Min(wait, s_longestHint) : null;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static RpcException Unavailable(string why) => new(new Status(StatusCode.Unavailable, why));
}
