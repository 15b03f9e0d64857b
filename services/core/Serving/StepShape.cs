using System.Runtime.CompilerServices;

namespace Realiz3D.Mesh.Serving;

/// <summary>What steps of one key have shown: how long an item takes, and how many fit into memory.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class StepShape
{
    /// <summary>Batches never wait longer for company.</summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMilliseconds(5);

    /// <summary>A step is never called stuck before.</summary>
    private static readonly TimeSpan s_leastPatience = TimeSpan.FromSeconds(30);

    /// <summary>A step that was never measured may have to read weights from a disk or to compile kernels.</summary>
    private static readonly TimeSpan s_firstPatience = TimeSpan.FromMinutes(10);

    private const int Remembered = 32;
    private const int StuckAfterMedians = 20;
    private const double GuessedSecondsPerItem = 0.05;

    private readonly Lock _lock = new();
    private readonly Queue<double> _secondsPerItem = new();
    private double _median = GuessedSecondsPerItem;
    private int _limit = int.MaxValue;
    private bool _warm;

    /// <summary>Most items of one pass, for what memory holds.</summary>
    public int Limit
    {
        get => Volatile.Read(ref _limit);
        set => Volatile.Write(ref _limit, value);
    }

    /// <summary>Whether there is a measurement: the first step does not count, it reads weights and compiles.</summary>
    public bool IsMeasured { get; private set; }

    /// <summary>Median over the last steps, a guess before the first.</summary>
    public double SecondsPerItem => Volatile.Read(ref _median);

    /// <summary>How long the next batch may wait for company: min(5 ms, a fifth of a step of this many items).</summary>
    public TimeSpan WaitFor(int items)
    {
        var fifth = TimeSpan.FromSeconds(SecondsPerItem * items / 5);
        return fifth < s_longestWait ? fifth : s_longestWait;
    }

    /// <summary>When a step of this many items counts as stuck: 20 medians, at least 30 s.</summary>
    public TimeSpan Patience(int items)
    {
        if (!IsMeasured)
        {
            return s_firstPatience;
        }

        var medians = TimeSpan.FromSeconds(StuckAfterMedians * SecondsPerItem * items);
        return medians > s_leastPatience ? medians : s_leastPatience;
    }

    /// <summary>Remembers a step.</summary>
    public void Add(int items, TimeSpan took)
    {
        lock (_lock)
        {
            if (!_warm)
            {
                _warm = true;
                return;
            }

            _secondsPerItem.Enqueue(took.TotalSeconds / items);
            if (_secondsPerItem.Count > Remembered)
            {
                _secondsPerItem.Dequeue();
            }

            var sorted = _secondsPerItem.Order().ToArray();
            Volatile.Write(ref _median, (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2);
            IsMeasured = true;
        }
    }
}

/// <summary>The shapes by key. A network that is gone takes its shapes along.</summary>
internal sealed class StepShapes
{
    private readonly ConditionalWeakTable<DenoisePass, Dictionary<(string, string, string), StepShape>> _known = [];

    public StepShape Of(StepKey key)
    {
        var shapes = _known.GetOrCreateValue(key.Pass);
        lock (shapes)
        {
            if (!shapes.TryGetValue((key.Latent, key.Text, key.More), out var shape))
            {
                shapes.Add((key.Latent, key.Text, key.More), shape = new StepShape());
            }

            return shape;
        }
    }
}
