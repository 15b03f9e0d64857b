namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static LRScheduler ReduceLROnPlateau(Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 0.0001, string threshold_mode = "rel", int cooldown = 0, IList<double>? min_lr = null, double eps = 1e-08, bool verbose = false) =>
                new impl.ReduceLROnPlateau(optimizer, mode, factor, patience, threshold, threshold_mode, cooldown, min_lr, eps, verbose);

            public static partial class impl
            {
                /// <summary>The rate times a factor when a measured value has not become better for more than so many epochs.</summary>
                public class ReduceLROnPlateau : LRScheduler
                {
                    private readonly Func<double, double, bool> _better;
                    private readonly double _factor;
                    private readonly int _patience;
                    private readonly int _cooldown;
                    private readonly double[] _least;
                    private readonly double _eps;
                    private double _best;
                    private int _bad;
                    private int _resting;

                    public ReduceLROnPlateau(Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 0.0001, string threshold_mode = "rel", int cooldown = 0, IList<double>? min_lr = null, double eps = 1e-08, bool verbose = false)
                        : base(optimizer, 0, verbose)
                    {
                        _factor = factor < 1 ? factor : throw new ArgumentException("factor must be below 1.");
                        (_patience, _cooldown, _eps) = (patience, cooldown, eps);
                        _least = [.. min_lr is null or [] ? Groups.Select(_ => 0.0) : min_lr is [var all] ? Groups.Select(_ => all) : min_lr];
                        _best = mode == "min" ? double.PositiveInfinity : double.NegativeInfinity;
                        _better = (mode, threshold_mode) switch
                        {
                            ("min", "rel") => (value, best) => value < best * (1 - threshold),
                            ("min", "abs") => (value, best) => value < best - threshold,
                            ("max", "rel") => (value, best) => value > best * (1 + threshold),
                            ("max", "abs") => (value, best) => value > best + threshold,
                            _ => throw new ArgumentException("mode must be min or max, threshold_mode rel or abs."),
                        };
                    }

                    public override void step() => throw new InvalidOperationException("ReduceLROnPlateau.step() wants the measured value.");

                    public override void step(int? epoch) => step();

                    public override void step(double current, int? epoch = null)
                    {
                        _step_count++;
                        Epoch = epoch ?? Epoch + 1;
                        (_best, _bad) = _better(current, _best) ? (current, 0) : (_best, _bad + 1);
                        if (_resting > 0)
                        {
                            (_resting, _bad) = (_resting - 1, 0);
                        }

                        if (_bad > _patience)
                        {
                            (_resting, _bad) = (_cooldown, 0);
                            Set([.. Groups.Zip(_least, (group, least) => Lower(group.LearningRate, least))]);
                        }
                    }

                    private double Lower(double rate, double least) =>
                        rate - Math.Max(rate * _factor, least) is var less && less > _eps ? rate - less : rate;
                }
            }
        }
    }
}
