using System.Diagnostics;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Serving;

/// <summary>Limits of a <see cref="StepBatcher"/>.</summary>
/// <param name="MaxBatchItems">Most items of one forward pass. A request with more runs alone.</param>
/// <param name="MaxQueuedItems">Most items that may wait.</param>
public sealed record StepBatcherOptions(int MaxBatchItems = 16, int MaxQueuedItems = 1024);

/// <summary>Runs the denoise steps of all callers, as many as fit together in one forward pass.</summary>
/// <remarks>
/// 1. Requests wait in one bounded queue, first come first served; a full queue refuses at once.
/// 2. At each step boundary the oldest request opens a batch, and all that fit it (<see cref="StepKey"/>) join in order.
/// 3. They run together (<see cref="Rows"/>); each item has its own timestep and condition.
/// 4. The rows go back to their callers. A caller that left costs no further step: waiting, its request goes at once;
/// running, it is let go when the step ends, and its rows are dropped. Until then the step reads its tensors and network.
/// A sampler sends its next step when it has the last one, so jobs take turns by themselves. Source of the idea: iteration
/// level scheduling, Yu et al. 2022 (Orca), OSDI, section 3.
/// </remarks>
public sealed class StepBatcher : IDisposable
{
    private readonly StepBatcherOptions _options;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly LinkedList<Waiting> _queue = new();
    private readonly ServingTelemetry _telemetry;
    private readonly Thread _thread;
    private int _queuedItems;
    private bool _stopping;

    /// <param name="options">Limits.</param>
    public StepBatcher(StepBatcherOptions? options = null)
    {
        _options = options ?? new StepBatcherOptions();
        _telemetry = new ServingTelemetry(() => QueuedItems);
        _thread = new Thread(Work) { IsBackground = true, Name = "denoise steps" };
        _thread.Start();
    }

    /// <summary>Items that wait.</summary>
    public int QueuedItems
    {
        get
        {
            lock (_lock)
            {
                return _queuedItems;
            }
        }
    }

    /// <summary>Announces steps to come, so that the work ahead can be told to whoever scales the pods.</summary>
    /// <param name="steps">Items times steps.</param>
    /// <returns>Counts down; dispose it when the job ends, however it ends.</returns>
    public AnnouncedWork Announce(int steps) => new(_telemetry, steps);

    /// <summary>Queues a step and waits for its result.</summary>
    /// <param name="request">The step. Its tensors must live until the task ends.</param>
    /// <param name="cancel">Takes the request out.</param>
    /// <returns>The network's output, [N, C', H, W]. The caller disposes it.</returns>
    /// <exception cref="QueueFullException">The queue is full.</exception>
    public Task<Tensor> RunAsync(StepRequest request, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var waiting = new Waiting(request, cancel);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);

            // 1.
            if (_queuedItems + request.Items > _options.MaxQueuedItems)
            {
                _telemetry.Rejected.Add(request.Items, new KeyValuePair<string, object?>("reason", "queue full"));
                throw new QueueFullException(_options.MaxQueuedItems, _telemetry.SecondsFor(_queuedItems));
            }

            _queue.AddLast(waiting);
            _queuedItems += request.Items;
        }

        waiting.OnCancel(() => Leave(waiting));
        _arrived.Release();
        return waiting.Result;
    }

    /// <summary>Stops after the current step; what still waits is cancelled.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_stopping)
            {
                return;
            }

            _stopping = true;
        }

        _arrived.Release();
        _thread.Join();
        _telemetry.Dispose();
        _arrived.Dispose();
    }

    private void Work()
    {
        while (true)
        {
            _arrived.Wait();
            var batch = NextBatch();
            if (batch is null)
            {
                return;
            }

            if (batch.Count > 0)
            {
                Run(batch);
            }
        }
    }

    // 2. Null when the batcher stops; empty when the request that woke the thread has left or joined another batch.
    private List<Waiting>? NextBatch()
    {
        lock (_lock)
        {
            if (_stopping)
            {
                foreach (var left in _queue)
                {
                    left.Cancel();
                }

                _queue.Clear();
                return null;
            }

            var batch = new List<Waiting>();
            var items = 0;
            for (var node = _queue.First; node is not null;)
            {
                var (waiting, next) = (node.Value, node.Next);
                var fits = batch.Count == 0
                    || (waiting.Request.Key == batch[0].Request.Key
                        && items + waiting.Request.Items <= _options.MaxBatchItems);
                if (fits)
                {
                    batch.Add(waiting);
                    items += waiting.Request.Items;
                    _queue.Remove(node);
                }

                node = next;
            }

            _queuedItems -= items;
            return batch;
        }
    }

    private void Run(List<Waiting> batch)
    {
        var start = Stopwatch.GetTimestamp();
        var items = batch.Sum(waiting => waiting.Request.Items);
        using var activity = ServingTelemetry.Activities.StartActivity("denoise.step");
        activity?.SetTag("items", items);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        try
        {
            // 3.
            var output = StepRequest.Join(batch.Select(waiting => waiting.Request).ToArray());

            // 4.
            long row = 0;
            foreach (var waiting in batch)
            {
                var mine = output.narrow(0, row, waiting.Request.Items).clone().DetachFromDisposeScope();
                row += waiting.Request.Items;
                if (!waiting.Complete(mine))
                {
                    mine.Dispose();
                    _telemetry.Cancelled.Add(waiting.Request.Items);
                }
            }
        }
        catch (Exception fault)
        {
            foreach (var waiting in batch)
            {
                waiting.Fail(fault); // whatever libtorch says belongs to the callers, not to this thread
            }
        }

        _telemetry.StepDone(items, Stopwatch.GetElapsedTime(start), batch.Select(waiting => waiting.Since));
    }

    private void Leave(Waiting waiting)
    {
        lock (_lock)
        {
            if (!_queue.Remove(waiting))
            {
                return; // its step runs, or has run
            }

            _queuedItems -= waiting.Request.Items;
            _telemetry.Cancelled.Add(waiting.Request.Items);
        }

        waiting.Cancel();
    }

    /// <summary>A request in the queue or in the running batch.</summary>
    private sealed class Waiting(StepRequest request, CancellationToken cancel)
    {
        private readonly TaskCompletionSource<Tensor> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private CancellationTokenRegistration _registration;

        public StepRequest Request { get; } = request;

        public long Since { get; } = Stopwatch.GetTimestamp();

        public Task<Tensor> Result => _result.Task;

        public void OnCancel(Action leave) => _registration = cancel.Register(leave);

        /// <summary>Hands the rows over; false when the caller has left.</summary>
        public bool Complete(Tensor output)
        {
            _registration.Unregister();
            if (cancel.IsCancellationRequested)
            {
                Cancel();
                return false;
            }

            _result.SetResult(output);
            return true;
        }

        public void Fail(Exception fault)
        {
            _registration.Unregister();
            _result.TrySetException(fault);
        }

        public void Cancel() => _result.TrySetCanceled(cancel.IsCancellationRequested ? cancel : new CancellationToken(true));
    }
}
