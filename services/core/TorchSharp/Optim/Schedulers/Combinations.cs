namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static LRScheduler ChainedLR(IEnumerable<LRScheduler> schedulers) => new impl.ChainedLR(schedulers);

            public static LRScheduler SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones, int last_epoch = -1) =>
                new impl.SequentialLR(optimizer, schedulers, milestones, last_epoch);

            public static partial class impl
            {
                /// <summary>Several schedulers, each of which takes its step at every step.</summary>
                public class ChainedLR : LRScheduler
                {
                    private readonly LRScheduler[] _schedulers;

                    public ChainedLR(IEnumerable<LRScheduler> schedulers) => _schedulers = [.. schedulers];

                    public override IEnumerable<double> get_last_lr() => _schedulers[^1].get_last_lr();

                    public override void step()
                    {
                        foreach (var scheduler in _schedulers)
                        {
                            scheduler.step();
                        }
                    }
                }

                /// <summary>One scheduler after the other; each begins with its epoch 0 at its milestone.</summary>
                public class SequentialLR : LRScheduler
                {
                    private readonly LRScheduler[] _schedulers;
                    private readonly int[] _milestones;

                    public SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones, int last_epoch = -1)
                        : base(optimizer, last_epoch)
                    {
                        (_schedulers, _milestones) = ([.. schedulers], [.. milestones]);
                        if (_milestones.Length != _schedulers.Length - 1)
                        {
                            throw new ArgumentException($"{_schedulers.Length} schedulers want {_schedulers.Length - 1} milestones, not {_milestones.Length}.");
                        }

                        // Each took its first step on the rates that the ones before it had left; only the first one's counts.
                        Epoch++;
                        Set(Rates((_, first) => first));
                        foreach (var scheduler in _schedulers)
                        {
                            scheduler.Epoch--;
                        }

                        _schedulers[0].step();
                    }

                    public override IEnumerable<double> get_last_lr() => Current.get_last_lr();

                    public override void step()
                    {
                        Epoch++;
                        Current.step(Array.IndexOf(_milestones, Epoch) >= 0 ? 0 : null);
                    }

                    private LRScheduler Current => _schedulers[_milestones.Count(milestone => milestone <= Epoch)];
                }
            }
        }
    }
}
