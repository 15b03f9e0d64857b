using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.TorchSharp.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>Layers with statistics and transposed convolutions, by formulas in plain doubles.</summary>
public sealed class StatefulLayerTests
{
    private const double Eps = 1e-5;

    [Theory]
    [InlineData(0.3)]
    [InlineData(null)]
    public void BatchNorm_KeepsRunningStatistics_AndUsesThemAfterTraining(double? momentum)
    {
        using var scope = NewDisposeScope();
        using var norm = BatchNorm2d(2, dtype: ScalarType.Float64).to(TestDevice.Here);
        norm.momentum = momentum;
        using (no_grad())
        {
            norm.weight!.copy_(tensor(new[] { 1.5, -2 }));
            norm.bias!.copy_(tensor(new[] { 0.25, 1 }));
        }

        double[] mean = [0, 0], variance = [1, 1];
        for (var batch = 1; batch <= 3; batch++)
        {
            var x = randn([4, 2, 3, 3], ScalarType.Float64, generator: new Generator((ulong)batch)) * batch + batch;
            var y = norm.call(x).cpu().data<double>();
            for (var channel = 0; channel < 2; channel++)
            {
                var values = x.select(1, channel).contiguous().cpu().data<double>().ToArray();
                var (average, spread) = (values.Average(), values.Select(v => v * v).Average() - Math.Pow(values.Average(), 2));
                var expected = ((x.cpu().data<double>()[1, channel, 2, 0] - average) / Math.Sqrt(spread + Eps) * (channel == 0 ? 1.5 : -2)) + (channel == 0 ? 0.25 : 1);
                Assert.Equal(expected, y[1, channel, 2, 0], 1e-9);
                var share = momentum ?? (1.0 / batch);
                mean[channel] += share * (average - mean[channel]);
                variance[channel] += share * ((spread * 36 / 35) - variance[channel]);
                Assert.Equal(mean[channel], norm.running_mean!.cpu().data<double>()[channel], 1e-9);
                Assert.Equal(variance[channel], norm.running_var!.cpu().data<double>()[channel], 1e-9);
            }

            Assert.Equal(batch, norm.num_batches_tracked!.item<long>());
        }

        norm.eval();
        var seen = norm.call(full([1, 2, 1, 1], 3, ScalarType.Float64)).cpu().data<double>();
        Assert.Equal(((3 - mean[1]) / Math.Sqrt(variance[1] + Eps) * -2) + 1, seen[0, 1, 0, 0], 1e-9);
        Assert.Equal(3, norm.num_batches_tracked!.item<long>());
        norm.reset_parameters();
        Assert.Equal((0.0, 1.0, 0L, 1.0, 0.0), (norm.running_mean!.cpu().data<double>()[1], norm.running_var!.cpu().data<double>()[1], norm.num_batches_tracked!.item<long>(), norm.weight!.cpu().data<double>()[1], norm.bias!.cpu().data<double>()[1]));
    }

    [Fact]
    public void BatchNorm_StartsAtOneAndZero_WithItsNames_AndRefusesOtherShapes()
    {
        using var norm = BatchNorm1d(3).to(TestDevice.Here);
        Assert.Equal(["weight", "bias", "running_mean", "running_var", "num_batches_tracked"], norm.state_dict().Keys);
        Assert.Equal([1f, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1], norm.state_dict().Values.Take(4).SelectMany(tensor => tensor.cpu().data<float>().ToArray()));
        using var bare = BatchNorm3d(3, affine: false, track_running_stats: false).to(TestDevice.Here);
        Assert.Empty(bare.state_dict());
        using var x = randn([2, 3, 2, 2, 2]);
        Assert.Contains("BatchNorm1d wants 2 or 3", Assert.Throws<ArgumentException>(() => norm.call(x)).Message, StringComparison.Ordinal);

        // Without statistics every batch is normalised by its own, in training and after it.
        using var trained = bare.call(x);
        bare.eval();
        using var after = bare.call(x);
        AssertTensor.Equal(trained, after);
    }

    [Fact]
    public void InstanceNorm_NormalisesEachChannelOfEachImage_WithOrWithoutABatch()
    {
        using var scope = NewDisposeScope();
        using var norm = InstanceNorm2d(3, dtype: ScalarType.Float64).to(TestDevice.Here);
        Assert.Empty(norm.state_dict());
        var x = randn([2, 3, 4, 5], ScalarType.Float64, generator: new Generator(2));
        var y = norm.call(x);
        var values = x[1, 2].contiguous().cpu().data<double>().ToArray();
        var (mean, square) = (values.Average(), values.Select(v => v * v).Average());
        Assert.Equal((values[7] - mean) / Math.Sqrt(square - (mean * mean) + Eps), y.cpu().data<double>()[1, 2, 1, 2], 1e-9);
        AssertTensor.Close(y[1], norm.call(x[1]), 1e-12, 1e-12);
        Assert.Throws<ArgumentException>(() => norm.call(x[0, 0]));

        using var tracked = InstanceNorm1d(3, momentum: 1, affine: true, track_running_stats: true, dtype: ScalarType.Float64).to(TestDevice.Here);
        tracked.call(x.flatten(2));
        AssertTensor.Close(x.mean([0, 2, 3]), tracked.running_mean!, 1e-9, 1e-9);
        tracked.eval();
        AssertTensor.Close((x - tracked.running_mean!.reshape(1, 3, 1, 1)) / (tracked.running_var!.reshape(1, 3, 1, 1) + Eps).sqrt(), tracked.call(x.flatten(2)).reshape(x.shape), 1e-9, 1e-9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ConvTranspose_IsTheGradientOfItsConvolution(int axes)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using Module<Tensor, Tensor> layer = axes switch
        {
            1 => ConvTranspose1d(4, 6, 3, 2, 1, 1, 2, groups: 2, dtype: ScalarType.Float64),
            2 => ConvTranspose2d(4, 6, (3, 2), (2, 3), (1, 0), (1, 2), (2, 1), groups: 2, dtype: ScalarType.Float64),
            _ => ConvTranspose3d(4, 6, (3, 2, 1), (2, 3, 1), (1, 0, 0), (1, 2, 0), (2, 1, 1), groups: 2, dtype: ScalarType.Float64),
        };
        layer.to(TestDevice.Here);
        var (weight, bias) = (layer.get_parameter("weight")!, layer.get_parameter("bias")!);
        long[] kernel = [3, 2, 1], size = [4, 3, 2];
        Assert.Equal([4, 3, .. kernel[..axes]], weight.shape);
        var x = randn([2, 4, .. size[..axes]], ScalarType.Float64);
        var y = layer.call(x) - bias.reshape([1, 6, .. Enumerable.Repeat(1L, axes)]);

        var z = zeros(y.shape, ScalarType.Float64, requires_grad: true);
        var small = axes switch
        {
            1 => functional.conv1d(z, weight, null, 2, 1, 2, 2),
            2 => functional.conv2d(z, weight, null, [2, 3], [1, 0], [2, 1], 2),
            _ => functional.conv3d(z, weight, null, [2, 3, 1], [1, 0, 0], [2, 1, 1], 2),
        };
        AssertTensor.Close(autograd.grad([small], [z], [x])[0]!, y, 1e-10, 1e-10);
    }

    [Fact]
    public void ConvTranspose_ToASize_OrRefusal()
    {
        using var scope = NewDisposeScope();
        using var layer = ConvTranspose2d(2, 3, 3, stride: 2, padding: 1).to(TestDevice.Here);
        var x = randn(1, 2, 4, 5);
        Assert.Equal([1L, 3, 7, 9], layer.call(x).shape);
        Assert.Equal([1L, 3, 8, 9], layer.forward(x, [8, 9]).shape);
        AssertTensor.Equal(functional.conv_transpose2d(x, layer.weight, layer.bias, [2, 2], [1, 1], [1, 0]), layer.forward(x, [1, 3, 8, 9]));
        Assert.Contains("7 to 8", Assert.Throws<ArgumentException>(() => layer.forward(x, [9, 9])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ConvTranspose1d(2, 3, 3, padding_mode: PaddingModes.Reflect));
    }

    [Fact]
    public void Weights_OfALoss_MoveWithIt()
    {
        using var weight = tensor(new[] { 1f, 2 });
        using var loss = CrossEntropyLoss(weight).to(ScalarType.Float64);
        Assert.Equal((ScalarType.Float64, ScalarType.Float32), (loss.weight!.dtype, weight.dtype));
    }
}
