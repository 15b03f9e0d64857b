namespace Realiz3D.Mesh.Serving;

/// <summary>Where steps wait: callers come in and leave, the worker takes batches. Thread-safe.</summary>
/// <param name="options">Bounds.</param>
/// <param name="time">The clock.</param>
internal sealed class StepLine(StepBatcherOptions options, TimeProvider time)
{
    private readonly object _gate = new();
    private readonly StepQueue<WaitingStep> _queue = new();
    private readonly StepLedger _ledger = new(options, time);
    private readonly HashSet<AnnouncedWork> _expected = [];
    private IReadOnlyList<WaitingStep> _running = [];
    private TimeSpan _wait;
    private bool _closed;
    private StepStuckException? _stuck;

    /// <summary>Items that wait.</summary>
    public int Items
    {
        get
        {
            lock (_gate)
            {
                return _queue.Items;
            }
        }
    }

    public bool IsStuck => Volatile.Read(ref _stuck) is not null;

    private IEnumerable<WaitingStep> Calls => _queue.Steps.Concat(_running).Where(step => step.IsCall);

    /// <summary>What steps of a key have shown.</summary>
    public StepShape ShapeOf(StepKey key) => _ledger.ShapeOf(key);

    public double WorkSeconds(StepClass each)
    {
        lock (_gate)
        {
            return _ledger.WorkSeconds(each, Calls);
        }
    }

    /// <summary>Lets a job in.</summary>
    public AnnouncedWork Enter(StepKey key, int items, int steps, StepOrigin origin, ServingTelemetry telemetry)
    {
        lock (_gate)
        {
            var job = new AnnouncedWork(key, origin, items * steps, End);
            Admit(key, items, job.Left, origin, telemetry);
            _ledger.Open(job);
            return job;
        }
    }

    /// <summary>Lets a step in. The step of a job was let in with it.</summary>
    public void Enter(WaitingStep step, ServingTelemetry telemetry, CancellationToken cancel)
    {
        lock (_gate)
        {
            cancel.ThrowIfCancellationRequested();
            if (step.IsCall)
            {
                Admit(step.Request.Key, step.Items, step.Items, step.Origin, telemetry);
            }
            else
            {
                ThrowIfGone();
            }

            _queue.Add(step);
            Returned(step.Request.Job);
        }
    }

    /// <summary>Takes a step out; false when it runs or has run.</summary>
    public bool Leave(WaitingStep step)
    {
        lock (_gate)
        {
            return _queue.Remove(step);
        }
    }

    /// <summary>Waits for the next batch.</summary>
    /// <param name="late">Given the steps that cannot be done in time any more.</param>
    /// <returns>The batch, empty when all that waited was late; null when the line is closed.</returns>
    public IReadOnlyList<WaitingStep>? NextBatch(Action<WaitingStep> late)
    {
        lock (_gate)
        {
            while (_queue.Items == 0 && !_closed)
            {
                Monitor.Wait(_gate);
            }

            AwaitCompany();
            if (_closed)
            {
                return null;
            }

            DropLate(TimeSpan.Zero, late);
            _running = _queue.TakeBatch(time.GetUtcNow(), key => _ledger.LimitOf((StepKey)key));
            if (_running.Count > 0)
            {
                DropLate(_ledger.TimeFor(_running[0].Request.Key, _running.Sum(step => step.Items)), late);
            }

            return _running;
        }
    }

    /// <summary>Notes that a batch has run, before its callers have their rows: they may be back at once.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="wait">How long the next may wait for these callers.</param>
    public void Ended(IReadOnlyList<WaitingStep> batch, TimeSpan wait)
    {
        lock (_gate)
        {
            (_running, _wait) = ([], wait);
            foreach (var step in batch)
            {
                if (step.Request.Job is { } job)
                {
                    job.Done(step.Items);
                    if (job.Left > 0 && _ledger.IsOpen(job))
                    {
                        _expected.Add(job);
                    }
                }
            }
        }
    }

    /// <summary>Lets nobody in any more.</summary>
    /// <returns>Who still waits; null when it was closed already.</returns>
    public IReadOnlyList<WaitingStep>? Close()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return null;
            }

            _closed = true;
            Monitor.PulseAll(_gate);
            return _queue.TakeOut(_ => true);
        }
    }

    /// <summary>Gives the running step up: lets nobody in any more.</summary>
    /// <returns>Who waits, and whose step hangs.</returns>
    public IReadOnlyList<WaitingStep> GiveUp(StepStuckException stuck)
    {
        lock (_gate)
        {
            _stuck = stuck;
            return [.. _queue.TakeOut(_ => true), .. _running];
        }
    }

    // The jobs of the last step are about to send their next: a moment's wait lets them share it.
    private void AwaitCompany()
    {
        for (var since = time.GetTimestamp(); _expected.Count > 0 && _queue.Items < options.MaxBatchItems && !_closed;)
        {
            var left = _wait - time.GetElapsedTime(since);
            if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left))
            {
                break;
            }
        }

        _expected.Clear();
    }

    private void DropLate(TimeSpan before, Action<WaitingStep> late)
    {
        foreach (var step in _queue.TakeOut(step => _ledger.IsLate(step.Request.Key, step.ItemsNeeded, step.Origin, before)))
        {
            late(step);
        }
    }

    private void Admit(StepKey key, int items, int itemsNeeded, StepOrigin origin, ServingTelemetry telemetry)
    {
        ThrowIfGone();
        if (_ledger.ReasonToRefuse(key, items, itemsNeeded, origin, _queue.Items, Calls) is { } refusal)
        {
            telemetry.Rejected(items, refusal.Reason);
            throw refusal.Fault;
        }
    }

    private void ThrowIfGone()
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(StepBatcher));
        if (_stuck is { } stuck)
        {
            throw new StepStuckException(stuck.Patience);
        }
    }

    private void End(AnnouncedWork job)
    {
        lock (_gate)
        {
            _ledger.Close(job);
            Returned(job);
        }
    }

    private void Returned(AnnouncedWork? job)
    {
        if (job is not null)
        {
            _expected.Remove(job);
        }

        Monitor.PulseAll(_gate);
    }
}
