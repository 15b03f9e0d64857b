using System.Runtime.InteropServices;
using Realiz3D.Mesh.Testing;
using Realiz3D.Mesh.TorchSharp.Tests.Operations;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.TorchSharp.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>Who ends which tensor: after exceptions, early returns, in parallel, and when nobody does.</summary>
public sealed class LifetimeTests
{
    private static long Live => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    [Fact]
    public void Exception_EndsWhatItsScopesOwned() => Alone.Run(() =>
    {
        var before = Live;
        for (var i = 0; i < 20; i++)
        {
            Assert.Throws<ExternalException>(() =>
            {
                using var outer = NewDisposeScope();
                var kept = ones(3) * 2;
                using var inner = NewDisposeScope();
                _ = (kept + 1).matmul(ones(4, 4));
            });
        }

        Assert.Equal(before, Live);

        // The thread's innermost scope is again the one from before, which is none.
        var outside = DisposeScopeManager.Statistics.CreatedOutsideScopeCount;
        ones(1).Dispose();
        Assert.Equal(outside + 1, DisposeScopeManager.Statistics.CreatedOutsideScopeCount);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EarlyReturn_KeepsTheAnswerOnly(bool early) => Alone.Run(() =>
    {
        var before = Live;
        using (var answer = Half(early))
        {
            Assert.Equal(early ? 1f : 0.5f, answer.item<float>());
            Assert.Equal(before + 1, Live);
        }

        Assert.Equal(before, Live);

        static Tensor Half(bool early)
        {
            using var scope = NewDisposeScope();
            var one = ones(1).clone();
            if (early)
            {
                return one.MoveToOuterDisposeScope();
            }

            return (one / 2 * ones(1)).MoveToOuterDisposeScope();
        }
    });

    [Fact]
    public void ManyAtOnce_MoveOutwardsOrLeave() => Alone.Run(() =>
    {
        var before = Live;
        Tensor[] moved, freed;
        using (NewDisposeScope())
        {
            using (var inner = NewDisposeScope())
            {
                (moved, freed) = ([ones(1), ones(2), ones(3), ones(4)], [ones(5), ones(6), ones(7), ones(8)]);
                inner.MoveToOuter(moved);
                inner.Detach(freed);
            }

            Assert.Equal(before + 8, Live);
        }

        Assert.Equal(before + 4, Live);
        Assert.Equal(26, freed.Sum(tensor => tensor.NumberOfElements));
        Array.ForEach(freed, tensor => tensor.Dispose());
    });

    [Fact]
    public void ComposedOperations_LeaveNothingButTheirAnswer() => Alone.Run(() =>
    {
        using var scope = NewDisposeScope();
        var (x, image, rows) = (ones(3, 4), ones(1, 2, 4, 4), tensor(new[] { 0L, 1 }));
        using var padded = Conv2d(2, 2, 3, padding: 1, padding_mode: PaddingModes.Reflect).to(TestDevice.Here);
        using var table = Embedding(4, 2, max_norm: 1).to(TestDevice.Here);
        using var stack = Sequential(Linear(4, 4), ReLU(), Linear(4, 2)).to(TestDevice.Here);
        using var attention = MultiheadAttention(4, 2, add_bias_kv: true, add_zero_attn: true).to(TestDevice.Here);
        using var batched = BatchNorm2d(2).to(TestDevice.Here);
        using var single = InstanceNorm2d(2, affine: true, track_running_stats: true).to(TestDevice.Here);
        var (words, photo) = (x.unsqueeze(1), image.squeeze(0));
        Func<Tensor>[] calls =
        [
            () => functional.normalize(x), () => functional.softmin(x, 0), () => functional.adaptive_max_pool2d(image, [2, 2]),
            () => functional.scaled_dot_product_attention(image, image, image, is_casual: true), () => functional.interpolate(image, [2, 2], mode: InterpolationMode.Area),
            () => linalg.solve(eye(4), x, left: false), () => x.std([1], type: ScalarType.Float64), () => x[TensorIndex.Single(1), TensorIndex.Slice(1)],
            () => x[TensorIndex.Tensor(rows), TensorIndex.Colon], () => 2 / x, () => x.unflatten(1, 2, 2), () => padded.call(image), () => table.call(rows), () => stack.call(x),
            () => batched.call(image), () => single.call(photo), () => attention.call(words, words, words, need_weights: false).Item1,
        ];
        foreach (var call in calls)
        {
            using var around = NewDisposeScope();
            using var identity = eye(4);
            var before = Live;
            call();
            var left = Live - before;

            // The solution's call makes its own matrix.
            Assert.Equal(call == calls[5] ? 2 : 1, left);
        }
    });

    [Fact]
    public void EveryOperation_EndsInItsScope() => Alone.Run(() =>
    {
        var before = Live;
        foreach (var operation in OperationTable.All)
        {
            using var scope = NewDisposeScope();
            Tensor[] given = [.. operation.Inputs.Select(input => input.ToTensor())];
            foreach (var call in operation.Calls)
            {
                call([.. given.Select(tensor => tensor.clone())]);
            }
        }

        Assert.Equal(before, Live);
    });

    [Fact]
    public async Task Parallel_EachThreadCountsItsOwn_AndEndsThem()
    {
        var left = await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Alone.Run(() =>
        {
            var before = Live;
            for (var i = 0; i < 200; i++)
            {
                try
                {
                    using var scope = NewDisposeScope();
                    var x = full(8, worker, ScalarType.Float32);
                    Assert.Equal(8f * worker, (x + i - i).sum().item<float>());
                    _ = i % 3 == 0 ? x.matmul(ones(5, 5)) : x * x;
                }
                catch (ExternalException refused)
                {
                    Assert.Contains("5x5", refused.Message, StringComparison.Ordinal);
                }
            }

            return Live - before;
        })));
        Assert.Equal([0L, 0, 0, 0], left);
    }

    [Fact]
    public async Task Dispose_OnAnotherThread_CountsForTheThreadThatMadeIt()
    {
        var (statistics, made) = await Alone.Run(() => (DisposeScopeManager.Statistics, Enumerable.Range(0, 100).Select(_ => ones(2)).ToArray()));
        Assert.Equal(100, statistics.ThreadTotalLiveCount);
        Parallel.ForEach(made, tensor => tensor.Dispose());
        Assert.Equal(0, statistics.ThreadTotalLiveCount);
        Array.ForEach(made, tensor => Assert.True(tensor.IsInvalid));
    }

    [Fact]
    public async Task TotalCount_CountsTheTensorsOfAllThreads_AndPeakCountTheMostThereWere()
    {
        // Other tests make tensors meanwhile, but no hundred thousand.
        const int many = 100_000;
        var before = Tensor.TotalCount;
        var one = ones(1);
        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Alone.Run(
            () => Enumerable.Range(0, many / 4).Select(_ => one.alias()).ToArray())));
        Assert.InRange(Tensor.TotalCount - before, many * 0.9, many * 1.1);
        Assert.True(Tensor.PeakCount >= Tensor.TotalCount);

        Parallel.ForEach(made.SelectMany(some => some).Append(one), tensor => tensor.Dispose());
        Assert.InRange(Tensor.TotalCount - before, -many * 0.1, many * 0.1);
        Assert.True(Tensor.PeakCount >= before + (many * 0.9));
    }

    [Fact]
    public async Task Forgotten_TensorsGoWithTheCollector()
    {
        var statistics = await Alone.Run(() =>
        {
            for (var i = 0; i < 50; i++)
            {
                _ = ones(2).add(1);
            }

            return DisposeScopeManager.Statistics;
        });
        for (var i = 0; i < 10 && statistics.ThreadTotalLiveCount > 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(0, statistics.ThreadTotalLiveCount);
    }
}
