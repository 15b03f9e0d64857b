namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static LRScheduler OneCycleLR(Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3, impl.OneCycleLR.AnnealStrategy anneal_strategy = impl.OneCycleLR.AnnealStrategy.Cos, bool cycle_momentum = true, double base_momentum = 0.85, double max_momentum = 0.95, double div_factor = 25, double final_div_factor = 10000, bool three_phase = false, int last_epoch = -1, bool verbose = false) =>
                new impl.OneCycleLR(optimizer, max_lr, total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum, base_momentum, max_momentum, div_factor, final_div_factor, three_phase, last_epoch, verbose);

            public static LRScheduler OneCycleLR(Optimizer optimizer, IEnumerable<double> max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3, impl.OneCycleLR.AnnealStrategy anneal_strategy = impl.OneCycleLR.AnnealStrategy.Cos, bool cycle_momentum = true, IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null, double div_factor = 25, double final_div_factor = 10000, bool three_phase = false, int last_epoch = -1, bool verbose = false) =>
                new impl.OneCycleLR(optimizer, max_lr, total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum, base_momentum, max_momentum, div_factor, final_div_factor, three_phase, last_epoch, verbose);

            public static partial class impl
            {
                /// <summary>Up to the largest rate and down far below the first, step by step, momentum the other way: Smith and Topin, arXiv:1708.07120.</summary>
                public class OneCycleLR : LRScheduler
                {
                    private readonly int _total;
                    private readonly bool _cycleMomentum;
                    private readonly Func<double, double, double, double> _between;
                    private readonly (double Highest, double Least, double Most)[] _bounds;
                    private readonly (double End, Func<int, (double Rate, double Momentum)> To)[] _phases;

                    public OneCycleLR(Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3, AnnealStrategy anneal_strategy = AnnealStrategy.Cos, bool cycle_momentum = true, double base_momentum = 0.85, double max_momentum = 0.95, double div_factor = 25, double final_div_factor = 10000, bool three_phase = false, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, optimizer.ParamGroups.Select(_ => max_lr), total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum, optimizer.ParamGroups.Select(_ => base_momentum), optimizer.ParamGroups.Select(_ => max_momentum), div_factor, final_div_factor, three_phase, last_epoch, verbose)
                    {
                    }

                    public OneCycleLR(Optimizer optimizer, IEnumerable<double> max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3, AnnealStrategy anneal_strategy = AnnealStrategy.Cos, bool cycle_momentum = true, IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null, double div_factor = 25, double final_div_factor = 10000, bool three_phase = false, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _total = total_steps > 0 ? total_steps : epochs > 0 && steps_per_epoch > 0 ? epochs * steps_per_epoch
                            : throw new ArgumentException("OneCycleLR wants total_steps, or epochs and steps_per_epoch.");
                        _cycleMomentum = cycle_momentum;
                        if (cycle_momentum && Groups.Any(group => group is not (IMomentum or IBetas)))
                        {
                            throw new ArgumentException("The optimizer has no momentum: set cycle_momentum to false.");
                        }

                        double[] least = [.. base_momentum ?? Groups.Select(_ => 0.85)], most = [.. max_momentum ?? Groups.Select(_ => 0.95)];
                        _bounds = [.. max_lr.Select((highest, i) => (highest, least[i], most[i]))];
                        _between = anneal_strategy == AnnealStrategy.Linear
                            ? (from, to, part) => from + ((to - from) * part)
                            : (from, to, part) => to + ((from - to) / 2 * (1 + Math.Cos(Math.PI * part)));
                        var (first, top, last) = (Point(1 / div_factor, true), Point(1, false), Point(1 / div_factor / final_div_factor, true));
                        _phases = three_phase
                            ? [(0, first), ((pct_start * _total) - 1, top), ((2 * pct_start * _total) - 2, first), (_total - 1, last)]
                            : [(0, first), ((pct_start * _total) - 1, top), (_total - 1, last)];
                        if (last_epoch == -1)
                        {
                            for (var i = 0; i < Groups.Count; i++)
                            {
                                Groups[i].InitialLearningRate = first(i).Rate;
                            }
                        }

                        step();
                    }

                    public enum AnnealStrategy
                    {
                        Cos = 0,
                        Linear = 1,
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (Epoch > _total)
                        {
                            throw new InvalidOperationException($"OneCycleLR was made for {_total} steps; this one is number {Epoch}.");
                        }

                        var phase = 1;
                        while (Epoch > _phases[phase].End && phase < _phases.Length - 1)
                        {
                            phase++;
                        }

                        var (from, to) = (_phases[phase - 1], _phases[phase]);
                        var part = (Epoch - from.End) / (to.End - from.End);
                        return [.. Groups.Select((group, i) =>
                        {
                            var (start, end) = (from.To(i), to.To(i));
                            SetMomentum(group, _between(start.Momentum, end.Momentum, part));
                            return _between(start.Rate, end.Rate, part);
                        })];
                    }

                    private Func<int, (double Rate, double Momentum)> Point(double part, bool most) =>
                        group => (_bounds[group].Highest * part, most ? _bounds[group].Most : _bounds[group].Least);

                    private void SetMomentum(ILearningRateController group, double momentum)
                    {
                        if (_cycleMomentum && group is IMomentum kept)
                        {
                            kept.Momentum = momentum;
                        }
                        else if (_cycleMomentum && group is IBetas decayed)
                        {
                            decayed.Betas = (momentum, decayed.Betas.Item2);
                        }
                    }
                }
            }
        }
    }
}
