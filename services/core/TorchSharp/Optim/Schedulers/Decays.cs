namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static LRScheduler StepLR(Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false) =>
                new impl.StepLR(optimizer, step_size, gamma, last_epoch, verbose);

            public static LRScheduler MultiStepLR(Optimizer optimizer, IList<int> milestones, double gamma = 0.1, int last_epoch = -1, bool verbose = false) =>
                new impl.MultiStepLR(optimizer, milestones, gamma, last_epoch, verbose);

            public static LRScheduler ExponentialLR(Optimizer optimizer, double gamma = 0.1, int last_epoch = -1, bool verbose = false) =>
                new impl.ExponentialLR(optimizer, gamma, last_epoch, verbose);

            public static LRScheduler PolynomialLR(Optimizer optimizer, int total_iters = 5, double power = 1, int last_epoch = -1, bool verbose = false) =>
                new impl.PolynomialLR(optimizer, total_iters, power, last_epoch, verbose);

            public static partial class impl
            {
                /// <summary>The rate times gamma every so many epochs.</summary>
                public class StepLR : LRScheduler
                {
                    private readonly int _size;
                    private readonly double _gamma;

                    public StepLR(Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_size, _gamma) = (step_size, gamma);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Rates((rate, _) => Epoch == 0 || Epoch % _size != 0 ? rate : rate * _gamma);

                    protected override IEnumerable<double> get_closed_form_lr() => Rates((_, first) => first * Math.Pow(_gamma, Epoch / _size));
                }

                /// <summary>The rate times gamma at each milestone; a milestone that is named twice counts twice.</summary>
                public class MultiStepLR : LRScheduler
                {
                    private readonly int[] _milestones;
                    private readonly double _gamma;

                    public MultiStepLR(Optimizer optimizer, IList<int> milestones, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_milestones, _gamma) = ([.. milestones], gamma);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Rates((rate, _) => rate * Math.Pow(_gamma, _milestones.Count(milestone => milestone == Epoch)));

                    protected override IEnumerable<double> get_closed_form_lr() => Rates((_, first) => first * Math.Pow(_gamma, _milestones.Count(milestone => milestone <= Epoch)));
                }

                /// <summary>The rate times gamma every epoch.</summary>
                public class ExponentialLR : LRScheduler
                {
                    private readonly double _gamma;

                    public ExponentialLR(Optimizer optimizer, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _gamma = gamma;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Rates((rate, _) => Epoch == 0 ? rate : rate * _gamma);

                    protected override IEnumerable<double> get_closed_form_lr() => Rates((_, first) => first * Math.Pow(_gamma, Epoch));
                }

                /// <summary>Down to zero along (1 - epoch / total)^power.</summary>
                public class PolynomialLR : LRScheduler
                {
                    private readonly int _total;
                    private readonly double _power;

                    public PolynomialLR(Optimizer optimizer, int total_iters = 5, double power = 1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_total, _power) = (total_iters, power);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Rates((rate, _) =>
                        Epoch == 0 || Epoch > _total ? rate : rate * Math.Pow((double)(_total - Epoch) / (_total - Epoch + 1), _power));

                    protected override IEnumerable<double> get_closed_form_lr() => Rates((_, first) =>
                        first * Math.Pow(1 - ((double)Math.Min(_total, Epoch) / _total), _power));
                }
            }
        }
    }
}
