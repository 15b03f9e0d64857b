using static TorchSharp.torch;

namespace Realiz3D.Mesh.Serving;

/// <summary>Runs the denoise steps of all callers, as many as fit together in one forward pass.</summary>
/// <remarks>
/// 1. A job is let in as a whole, a single call by itself; where more work waits than the bounds allow, they are refused at once.
/// 2. Steps wait in a fair order (<see cref="StepQueue{T}"/>). What cannot be done before its deadline leaves at once.
/// 3. At each step boundary the next batch is taken. It waits a moment for the jobs of the last step: they are about to send the next.
/// 4. It runs as one (<see cref="StepRunner"/>); each item has its own timestep and condition.
/// 5. The rows go back to their callers. A caller that left costs no further step: waiting, its request goes at once;
/// running, it is let go when the step ends, and its rows are dropped. Until then the step reads its tensors and network.
/// Source of the idea: iteration level scheduling, Yu et al. 2022 (Orca), OSDI, section 3.
/// </remarks>
public sealed class StepBatcher : IDisposable
{
    private readonly TimeProvider _time;
    private readonly StepLine _line;
    private readonly ServingTelemetry _telemetry;
    private readonly StepRunner _runner;
    private readonly Action<StepStuckException>? _onStuck;
    private readonly Thread _thread;

    /// <param name="options">Limits.</param>
    /// <param name="time">The clock; the system's when null.</param>
    /// <param name="onStuck">Called when a step does not end. The batcher takes nothing on any more; the process should go.</param>
    public StepBatcher(StepBatcherOptions? options = null, TimeProvider? time = null, Action<StepStuckException>? onStuck = null)
    {
        options ??= new StepBatcherOptions();
        _time = time ?? TimeProvider.System;
        _onStuck = onStuck;
        _line = new StepLine(options, _time);
        _telemetry = new ServingTelemetry(() => _line.Items, _line.WorkSeconds);
        _runner = new StepRunner(options.LeastStep, _time, new StepWatchdog(_time, GiveUp), _telemetry);
        _thread = new Thread(Work) { IsBackground = true, Name = "denoise steps" };
        _thread.Start();
    }

    /// <summary>Items that wait.</summary>
    public int QueuedItems => _line.Items;

    /// <summary>Whether a step hangs.</summary>
    public bool IsStuck => _line.IsStuck;

    /// <summary>Lets a job in.</summary>
    /// <param name="key">What its steps look like.</param>
    /// <param name="items">Items of a step.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="origin">Whose it is.</param>
    /// <returns>To be set as <see cref="StepRequest.Job"/> of its steps, and disposed when it ends, however it ends.</returns>
    /// <exception cref="QueueFullException">There is too much work ahead.</exception>
    /// <exception cref="StepDeadlineException">It cannot be done before its deadline.</exception>
    public AnnouncedWork Announce(StepKey key, int items, int steps, StepOrigin origin) =>
        _line.Enter(key, items, steps, origin, _telemetry);

    /// <summary>Queues a step and waits for its result.</summary>
    /// <param name="request">The step. Its tensors must live until the task ends.</param>
    /// <param name="cancel">Takes the request out.</param>
    /// <returns>The network's output, [N, C', H, W]. The caller disposes it.</returns>
    /// <exception cref="QueueFullException">There is too much work ahead.</exception>
    /// <exception cref="StepDeadlineException">It cannot be done before its deadline.</exception>
    public Task<Tensor> RunAsync(StepRequest request, CancellationToken cancel)
    {
        var step = new WaitingStep(request, _time.GetUtcNow(), cancel);
        step.OnCancel(() => Leave(step));
        try
        {
            _line.Enter(step, _telemetry, cancel);
        }
        catch
        {
            step.ForgetCancel();
            throw;
        }

        return step.Result;
    }

    /// <summary>Stops after the current step; what still waits is cancelled. A step that hangs is left behind.</summary>
    public void Dispose()
    {
        if (_line.Close() is not { } left)
        {
            return;
        }

        foreach (var step in left)
        {
            step.Cancel();
        }

        if (!IsStuck)
        {
            _thread.Join();
        }

        _telemetry.Dispose();
    }

    private void Work()
    {
        while (_line.NextBatch(TooLate) is { } batch)
        {
            if (batch.Count > 0)
            {
                _runner.Run(batch, _line.ShapeOf(batch[0].Request.Key), _line.Ended);
            }
        }
    }

    private void Leave(WaitingStep step)
    {
        if (_line.Leave(step))
        {
            _telemetry.Cancelled(step.Items);
            step.Cancel();
        }
    }

    private void TooLate(WaitingStep step)
    {
        _telemetry.Rejected(step.Items, "deadline");
        step.Fail(new StepDeadlineException());
    }

    // Their tensors may go while the step still reads them: this process is at its end.
    private void GiveUp(TimeSpan patience)
    {
        var stuck = new StepStuckException(patience);
        foreach (var step in _line.GiveUp(stuck))
        {
            step.Fail(new StepStuckException(patience));
        }

        _onStuck?.Invoke(stuck);
    }
}
