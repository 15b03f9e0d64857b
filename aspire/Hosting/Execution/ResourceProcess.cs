using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Execution;

/// <summary>Keeps one process running until told to stop.</summary>
/// <remarks>
/// A process that ends is started again after 0.5 s, then 1, 2, 4 ... 30 s; a minute of health starts the count anew. One
/// that ends <see cref="MaxFailedStarts"/> times without ever having been healthy is given up.
/// </remarks>
internal sealed class ResourceProcess(ResourceInstance instance, string environmentName, ResourceReporter reporter)
{
    private const int MaxFailedStarts = 3;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TimeToProveItself = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TimeForLastLines = TimeSpan.FromSeconds(2);

    private readonly LastWords _lastWords = new();
    private volatile bool _wasHealthy;

    /// <summary>Runs the process, again and again, until <paramref name="stop"/>.</summary>
    /// <exception cref="DistributedApplicationException">It does not come up.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        using var folder = instance.Resource is RedisResource ? new ScratchFolder(instance.Name) : null;
        var failedStarts = 0;
        var delay = FirstDelay;
        while (!stop.IsCancellationRequested)
        {
            var watch = Stopwatch.StartNew();
            var exitCode = await RunOnceAsync(folder?.Path, stop).ConfigureAwait(false);
            if (stop.IsCancellationRequested)
            {
                return;
            }

            reporter.Ended(exitCode);
            if (!_wasHealthy && ++failedStarts == MaxFailedStarts)
            {
                throw new DistributedApplicationException(
                    $"{instance.Name} stopped during its start with exit code {exitCode}: {_lastWords.Sentence}");
            }

            delay = watch.Elapsed > TimeToProveItself ? FirstDelay : delay;
            reporter.Say($"ended with exit code {exitCode}; starting it again in {delay.TotalSeconds:0.#} s", isError: true);
            await Task.Delay(delay, stop).ConfigureAwait(false);
            delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        }
    }

    private async Task<int> RunOnceAsync(string? folder, CancellationToken stop)
    {
        var command = await CommandBuilder.BuildAsync(instance, environmentName, folder, stop).ConfigureAwait(false);
        var isChecked = HealthProbe.Watches(instance); // first, for a process that started must be looked after
        using var process = ProcessLauncher.Start(command);
        process.OutputDataReceived += (_, line) => Hear(line.Data, isError: false);
        process.ErrorDataReceived += (_, line) => Hear(line.Data, isError: true);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        reporter.Started(isChecked);

        using var probing = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var probe = ProbeAsync(probing.Token);
        var exit = ExitOf(process);
        try
        {
            await exit.WaitAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await StopAsync(process, exit).ConfigureAwait(false);
        }

        ProcessLauncher.KillGroup(process); // what it started and left behind
        await exit.ConfigureAwait(false);
        await LastLinesAsync(process).ConfigureAwait(false);
        await probing.CancelAsync().ConfigureAwait(false);
        await probe.ConfigureAwait(false);
        return process.ExitCode;
    }

    /// <summary>The end of the process itself; others may still hold its output open.</summary>
    private static Task ExitOf(Process process)
    {
        var exit = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Exited += (_, _) => exit.TrySetResult();
        process.EnableRaisingEvents = true;
        return exit.Task;
    }

    /// <summary>Waits for what is still in the pipes, but not for one that has left the session and keeps them open.</summary>
    private static async Task LastLinesAsync(Process process)
    {
        using var patience = new CancellationTokenSource(TimeForLastLines);
        try
        {
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // What that one says from now on is not the process's.
        }
    }

    private static async Task StopAsync(Process process, Task exit)
    {
        ProcessLauncher.Terminate(process);
        try
        {
            await exit.WaitAsync(TimeToStop).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The whole group is killed next.
        }
    }

    private async Task ProbeAsync(CancellationToken cancel)
    {
        try
        {
            await foreach (var isHealthy in HealthProbe.WatchAsync(instance, cancel).ConfigureAwait(false))
            {
                reporter.Checked(isHealthy);
                _wasHealthy |= isHealthy;
            }
        }
        catch (OperationCanceledException)
        {
            // The process ended first, or the application stops.
        }
    }

    private void Hear(string? line, bool isError)
    {
        if (line is not null)
        {
            _lastWords.Hear(line);
            reporter.Say(line, isError);
        }
    }
}
