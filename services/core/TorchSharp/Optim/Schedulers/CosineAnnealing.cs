namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static LRScheduler CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false) =>
                new impl.CosineAnnealingLR(optimizer, T_max, eta_min, last_epoch, verbose);

            public static partial class impl
            {
                /// <summary>Down to the least rate along half a cosine, and up again after it: Loshchilov and Hutter, arXiv:1608.03983, equation 5.</summary>
                public class CosineAnnealingLR : LRScheduler
                {
                    private readonly double _half;
                    private readonly double _least;

                    public CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_half, _least) = (T_max, eta_min);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Rates((rate, first) =>
                        Epoch == 0 ? rate
                        : _step_count == 1 ? At(Epoch, first)
                        : (Epoch - 1 - _half) % (2 * _half) == 0 ? rate + ((first - _least) * (1 - Math.Cos(Math.PI / _half)) / 2)    // from the bottom no factor leads up
                        : ((rate - _least) * Height(Epoch) / Height(Epoch - 1)) + _least);

                    protected override IEnumerable<double> get_closed_form_lr() => Rates((_, first) => At(Epoch, first));

                    private double At(int epoch, double first) => _least + ((first - _least) * Height(epoch) / 2);

                    private double Height(int epoch) => 1 + Math.Cos(Math.PI * epoch / _half);
                }
            }
        }
    }
}
