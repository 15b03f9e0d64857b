namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static LRScheduler ConstantLR(Optimizer optimizer, double factor = 0.3333333333333333, int total_iters = 5, int last_epoch = -1, bool verbose = false) =>
                new impl.ConstantLR(optimizer, factor, total_iters, last_epoch, verbose);

            public static LRScheduler LinearLR(Optimizer optimizer, double start_factor = 0.3333333333333333, double end_factor = 1, int total_iters = 5, int last_epoch = -1, bool verbose = false) =>
                new impl.LinearLR(optimizer, start_factor, end_factor, total_iters, last_epoch, verbose);

            public static partial class impl
            {
                /// <summary>A part of the rate for the first epochs, then the whole.</summary>
                public class ConstantLR : LRScheduler
                {
                    private readonly double _factor;
                    private readonly int _total;

                    public ConstantLR(Optimizer optimizer, double factor = 0.3333333333333333, int total_iters = 5, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_factor, _total) = (factor, total_iters);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Rates((rate, _) => Epoch == 0 ? rate * _factor : Epoch == _total ? rate / _factor : rate);

                    protected override IEnumerable<double> get_closed_form_lr() => Rates((_, first) => Epoch < _total ? first * _factor : first);
                }

                /// <summary>From one part of the rate to another along a line.</summary>
                public class LinearLR : LRScheduler
                {
                    private readonly double _start;
                    private readonly double _end;
                    private readonly int _total;

                    public LinearLR(Optimizer optimizer, double start_factor = 0.3333333333333333, double end_factor = 1, int total_iters = 5, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _start = start_factor is > 0 and <= 1 ? start_factor : throw new ArgumentException("start_factor must be above 0 and at most 1.");
                        (_end, _total) = (end_factor, total_iters);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Rates((rate, _) =>
                        Epoch == 0 ? rate * _start : Epoch > _total ? rate : rate * Factor(Epoch) / Factor(Epoch - 1));

                    protected override IEnumerable<double> get_closed_form_lr() => Rates((_, first) => first * Factor(Math.Min(Epoch, _total)));

                    private double Factor(int epoch) => _start + ((_end - _start) * epoch / _total);
                }
            }
        }
    }
}
