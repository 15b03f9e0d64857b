namespace Realiz3D.Mesh.Serving;

/// <summary>The order in which steps are taken. Neither threads nor a clock: whoever asks says what time it is.</summary>
/// <remarks>
/// 1. Classes share by their weights: the class that has got the least for its weight is next, and one that had nothing to wait
/// for gets no arrears (start-time fair queueing: Goyal, Vin and Cheng 1996, SIGCOMM). Within a class tenants take turns
/// (<see cref="TenantTurns{T}"/>). 2. A step rises by one class for every 60 s that it has waited.
/// 3. A batch is opened by the step whose turn it is; first calls, then the rest join in the same order, as far as they have its
/// key and there is room. 4. Calls wait for the running step only: where one does not fit to the step whose turn it is, it opens
/// the batch in its place, though never twice in a row.
/// </remarks>
/// <typeparam name="T">Type of the steps.</typeparam>
internal sealed class StepQueue<T>
    where T : QueuedStep
{
    /// <summary>Waiting that raises a step by one class.</summary>
    public static readonly TimeSpan LevelUp = TimeSpan.FromSeconds(60);

    private static readonly double[] s_weights = [8, 4, 1];

    private readonly TenantTurns<T>[] _levels = [.. s_weights.Select(_ => new TenantTurns<T>())];
    private readonly double[] _served = new double[s_weights.Length]; // items over weight
    private double _now; // what a class that waits has been served at least
    private bool _openedByCall;

    /// <summary>Items that wait.</summary>
    public int Items { get; private set; }

    /// <summary>All that waits, in no order.</summary>
    public IEnumerable<T> Steps => _levels.SelectMany(level => level.Steps);

    public void Add(T step)
    {
        Insert(step, (int)step.Origin.Class);
        Items += step.Items;
    }

    /// <summary>Takes a step out of its turn; false when it is not here any more.</summary>
    public bool Remove(T step)
    {
        if (!Array.Exists(_levels, level => level.Remove(step)))
        {
            return false;
        }

        Items -= step.Items;
        return true;
    }

    /// <summary>Takes the steps out that <paramref name="hopeless"/> says cannot be done in time.</summary>
    public IReadOnlyList<T> TakeOut(Func<T, bool> hopeless)
    {
        var taken = Steps.Where(hopeless).ToArray();
        foreach (var step in taken)
        {
            Remove(step);
        }

        return taken;
    }

    /// <summary>Takes the next batch.</summary>
    /// <param name="now">The time.</param>
    /// <param name="limitOf">Most items of a batch with this key. A step with more runs alone.</param>
    /// <returns>Steps of one key, at least one if any wait.</returns>
    public IReadOnlyList<T> TakeBatch(DateTimeOffset now, Func<object, int> limitOf)
    {
        // 2.
        Rise(now);

        // 1.
        if (Next(_ => true) is not { } turn)
        {
            return [];
        }

        // 4.
        var call = Steps.Where(step => step.IsCall).MinBy(step => step.Since);
        var opens = call is not null && !_openedByCall
            && (!Equals(call.Key, turn.Key) || turn.Items + call.Items > limitOf(turn.Key));
        _openedByCall = opens;

        // 3.
        List<T> batch = [opens ? Take(step => ReferenceEquals(step, call)) : Take(_ => true)];
        var limit = limitOf(batch[0].Key);
        Join(batch, limit, step => step.IsCall && CallItems(batch) + step.Items <= Math.Max(1, limit / 2));
        Join(batch, limit, _ => true);
        return batch;
    }

    private static int CallItems(List<T> batch) => batch.Where(step => step.IsCall).Sum(step => step.Items);

    private void Join(List<T> batch, int limit, Func<T, bool> wanted)
    {
        bool Fits(T step) =>
            Equals(step.Key, batch[0].Key) && batch.Sum(other => other.Items) + step.Items <= limit && wanted(step);
        while (Next(Fits) is not null)
        {
            batch.Add(Take(Fits));
        }
    }

    private T? Next(Func<T, bool> fits) =>
        LevelsByTurn().Select(level => _levels[level].Next(fits)).FirstOrDefault(step => step is not null);

    private T Take(Func<T, bool> fits)
    {
        var turn = LevelsByTurn().ToArray();
        _now = Math.Max(_now, _served[turn[0]]);
        var level = turn.First(candidate => _levels[candidate].Next(fits) is not null);
        var step = _levels[level].Take(fits);
        _served[level] += step.Items / s_weights[level];
        Items -= step.Items;
        return step;
    }

    private IEnumerable<int> LevelsByTurn() => Enumerable.Range(0, _levels.Length)
        .Where(level => !_levels[level].IsEmpty)
        .OrderBy(level => _served[level]);

    private void Rise(DateTimeOffset now)
    {
        for (var level = 1; level < _levels.Length; level++)
        {
            foreach (var step in _levels[level].Steps.ToArray())
            {
                var target = Math.Max(0, (int)step.Origin.Class - (int)((now - step.Since) / LevelUp));
                if (target < level)
                {
                    _levels[level].Remove(step);
                    Insert(step, target);
                }
            }
        }
    }

    private void Insert(T step, int level)
    {
        if (_levels[level].IsEmpty)
        {
            _served[level] = Math.Max(_served[level], _now);
        }

        _levels[level].Add(step);
    }
}
