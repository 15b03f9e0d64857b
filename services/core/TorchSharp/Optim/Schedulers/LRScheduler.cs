namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>
            /// Sets an optimizer's learning rates, epoch by epoch. Each rate follows from the one before, so that several schedulers
            /// may work on one optimizer; `step(epoch)` jumps, by a closed form of the epoch and the group's initial rate.
            /// </summary>
            public abstract class LRScheduler
            {
                /// <summary>How often the rates were set; the constructor's own step is the first.</summary>
                protected int _step_count;

                private readonly IReadOnlyList<ILearningRateController> _groups = [];
                private readonly bool _verbose;
                private double[] _last = [];

                protected LRScheduler()
                {
                }

                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    (_groups, _verbose, Epoch) = ([.. optimizer.ParamGroups], verbose, last_epoch);
                    _last = [.. _groups.Select(group => group.LearningRate)];
                }

                /// <summary>The epoch whose rates are set: 0 after construction.</summary>
                internal int Epoch { get; set; }

                /// <summary>The rates that were set last, one for each group.</summary>
                public virtual IEnumerable<double> get_last_lr() => _last;

                /// <summary>Goes on to the next epoch.</summary>
                public virtual void step()
                {
                    _step_count++;
                    Epoch++;
                    Set(get_lr());
                }

                /// <summary>Goes to an epoch, or on to the next one.</summary>
                public virtual void step(int? epoch)
                {
                    if (epoch is not { } chosen)
                    {
                        step();
                        return;
                    }

                    _step_count++;
                    Epoch = chosen;
                    Set(get_closed_form_lr());
                }

                /// <summary>The same for every scheduler that does not look at the measured value.</summary>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                /// <summary>The rates of this epoch, from those of the one before.</summary>
                protected virtual IEnumerable<double> get_lr() => Rates((rate, _) => rate);

                /// <summary>The rates of this epoch, from the initial ones.</summary>
                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();

                /// <summary>Each group's rate from its present and its initial one.</summary>
                private protected IEnumerable<double> Rates(Func<double, double, double> next) =>
                    _groups.Select(group => next(group.LearningRate, group.InitialLearningRate));

                private protected IReadOnlyList<ILearningRateController> Groups => _groups;

                private protected void Set(IEnumerable<double> rates)
                {
                    _last = [.. rates];
                    for (var i = 0; i < _last.Length; i++)
                    {
                        _groups[i].LearningRate = _last[i];
                        if (_verbose)
                        {
                            Console.WriteLine(FormattableString.Invariant($"Adjusting learning rate of group {i} to {_last[i]:0.0000e+00}."));
                        }
                    }
                }
            }
        }
    }
}
