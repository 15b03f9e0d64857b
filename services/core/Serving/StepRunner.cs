using static TorchSharp.torch;

namespace Realiz3D.Mesh.Serving;

/// <summary>Runs one batch and hands its rows out.</summary>
/// <param name="leastStep">A step lasts at least so long.</param>
/// <param name="time">The clock.</param>
/// <param name="watchdog">Told of every step.</param>
/// <param name="telemetry">Told of every step.</param>
internal sealed class StepRunner(TimeSpan leastStep, TimeProvider time, StepWatchdog watchdog, ServingTelemetry telemetry)
{
    /// <summary>Runs a batch. Whatever goes wrong belongs to the callers.</summary>
    /// <param name="batch">Steps of one key, at least one.</param>
    /// <param name="shape">What is known of it.</param>
    /// <param name="ended">Called before the callers have their rows, with the time that the next batch may wait for them.</param>
    public void Run(IReadOnlyList<WaitingStep> batch, StepShape shape, Action<IReadOnlyList<WaitingStep>, TimeSpan> ended)
    {
        var items = batch.Sum(waiting => waiting.Items);
        using var activity = ServingTelemetry.Activities.StartActivity("denoise.step");
        activity?.SetTag("items", items);
        telemetry.StepBegins(batch.Select(waiting => time.GetUtcNow() - waiting.Since));
        using var scope = NewDisposeScope();
        Tensor? output = null;
        Exception? fault = null;
        var start = time.GetTimestamp();
        using (watchdog.Watch(shape.Patience(items)))
        {
            try
            {
                output = Compute(batch, shape, items);
                Linger(leastStep - time.GetElapsedTime(start));
                shape.Add(items, time.GetElapsedTime(start));
            }
            catch (Exception thrown)
            {
                fault = thrown;
            }
        }

        telemetry.StepDone(items, time.GetElapsedTime(start));
        foreach (var shared in batch.Count > 1 ? batch : [])
        {
            shared.Request.Job?.Shared();
        }

        ended(batch, shape.WaitFor(items));
        if (output is null)
        {
            Fail(batch, items, fault!);
            return;
        }

        HandOut(batch, output);
    }

    private static Tensor Compute(IReadOnlyList<WaitingStep> batch, StepShape shape, int items)
    {
        var requests = batch.Select(waiting => waiting.Request).ToArray();
        var tried = Math.Min(Rows.LargestPass(requests[0].Latents.device, items), shape.Limit);
        try
        {
            return StepRequest.Join(requests, tried);
        }
        catch (Exception fault) when (tried > 1 && StepMemoryException.IsCause(fault))
        {
            // The half, as a power of two, from now on: what did not fit once will not fit again.
            tried = shape.Limit = LargestPowerOfTwo(tried / 2);
        }

        try
        {
            return StepRequest.Join(requests, tried);
        }
        catch (Exception fault) when (StepMemoryException.IsCause(fault))
        {
            shape.Limit = LargestPowerOfTwo(Math.Max(1, tried / 2));
            throw new StepMemoryException(tried, requests[0].Key.Latent, fault);
        }
    }

    private static int LargestPowerOfTwo(int most) => 1 << (31 - int.LeadingZeroCount(most));

    private static void Linger(TimeSpan left)
    {
        if (left > TimeSpan.Zero)
        {
            Thread.Sleep(left); // a simulated device
        }
    }

    private void Fail(IReadOnlyList<WaitingStep> batch, int items, Exception fault)
    {
        if (fault is StepMemoryException)
        {
            telemetry.Rejected(items, "memory");
        }

        foreach (var waiting in batch)
        {
            waiting.Fail(fault);
        }
    }

    private void HandOut(IReadOnlyList<WaitingStep> batch, Tensor output)
    {
        long row = 0;
        foreach (var waiting in batch)
        {
            var mine = output.narrow(0, row, waiting.Items).clone().DetachFromDisposeScope();
            row += waiting.Items;
            if (!waiting.Complete(mine))
            {
                mine.Dispose();
                telemetry.Cancelled(waiting.Items);
            }
        }
    }
}
