using Realiz3D.Mesh.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace Realiz3D.Mesh.TorchSharp.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>Layers without state hand their settings to the function of their name, whose values and gradients the table of operations holds to formulas.</summary>
public sealed class LayerTests
{
    private static readonly Dictionary<string, (long[] Shape, Func<Module<Tensor, Tensor>> Layer, Func<Tensor, Tensor> Function)> s_layers = new()
    {
        ["ReLU"] = ([3, 4], () => ReLU(), x => F.relu(x)),
        ["ReLU6"] = ([3, 4], () => ReLU6(), x => F.relu6(x)),
        ["SELU"] = ([3, 4], () => SELU(), x => F.selu(x)),
        ["Mish"] = ([3, 4], Mish, x => F.mish(x)),
        ["Hardswish"] = ([3, 4], () => Hardswish(), x => F.hardswish(x)),
        ["Hardsigmoid"] = ([3, 4], () => Hardsigmoid(), x => F.hardsigmoid(x)),
        ["SiLU"] = ([3, 4], SiLU, x => F.silu(x)),
        ["Sigmoid"] = ([3, 4], Sigmoid, x => F.sigmoid(x)),
        ["Tanh"] = ([3, 4], () => Tanh(), x => F.tanh(x)),
        ["GELU"] = ([3, 4], () => GELU(), x => F.gelu(x)),
        ["GELU by tanh"] = ([3, 4], () => GELU(global::TorchSharp.Modules.GELU.Approximate.tanh), x => F.gelu(x, global::TorchSharp.Modules.GELU.Approximate.tanh)),
        ["LeakyReLU"] = ([3, 4], () => LeakyReLU(0.3), x => F.leaky_relu(x, 0.3)),
        ["ELU"] = ([3, 4], () => ELU(0.7), x => F.elu(x, 0.7)),
        ["CELU"] = ([3, 4], () => CELU(0.7), x => F.celu(x, 0.7)),
        ["Hardtanh"] = ([3, 4], () => Hardtanh(-0.5, 0.8), x => F.hardtanh(x, -0.5, 0.8)),
        ["Softplus"] = ([3, 4], () => Softplus(2, 0.5), x => F.softplus(x, 2, 0.5)),
        ["Threshold"] = ([3, 4], () => Threshold(0.2, -3), x => F.threshold(x, 0.2, -3)),
        ["Softmax"] = ([3, 4], () => Softmax(0), x => F.softmax(x, 0)),
        ["LogSoftmax"] = ([3, 4], () => LogSoftmax(0), x => F.log_softmax(x, 0)),
        ["LogSigmoid"] = ([3, 4], LogSigmoid, x => F.logsigmoid(x)),
        ["GLU"] = ([4, 3], () => GLU(0), x => F.glu(x, 0)),
        ["PReLU"] = ([2, 3, 4], () => PReLU(3, 0.4), x => F.prelu(x, full(3, 0.4))),
        ["Identity"] = ([3, 4], Identity, x => x),
        ["Flatten"] = ([2, 3, 4, 5], () => Flatten(1, 2), x => x.reshape(2, 12, 5)),
        ["Flatten, all but the batch"] = ([2, 3, 4, 5], () => Flatten(), x => x.reshape(2, 60)),
        ["Unflatten"] = ([2, 12, 5], () => Unflatten(1, [3, 4]), x => x.reshape(2, 3, 4, 5)),
        ["PixelShuffle"] = ([1, 8, 2, 3], () => PixelShuffle(2), x => F.pixel_shuffle(x, 2)),
        ["PixelUnshuffle"] = ([1, 2, 4, 6], () => PixelUnshuffle(2), x => F.pixel_unshuffle(x, 2)),
        ["Upsample, nearest"] = ([1, 2, 3, 4], () => Upsample(scale_factor: [2.0, 1.5]), x => F.interpolate(x, scale_factor: [2.0, 1.5])),
        ["Upsample, bilinear"] = ([1, 2, 3, 4], () => Upsample([5, 7], mode: UpsampleMode.Bilinear, align_corners: true), x => F.interpolate(x, [5, 7], mode: InterpolationMode.Bilinear, align_corners: true)),
        ["Upsample, bicubic"] = ([1, 2, 3, 4], () => Upsample(scale_factor: [1.7], mode: UpsampleMode.Bicubic, recompute_scale_factor: true), x => F.interpolate(x, scale_factor: [1.7], mode: InterpolationMode.Bicubic, recompute_scale_factor: true)),
        ["ZeroPad2d"] = ([1, 2, 3, 4], () => ZeroPad2d((1, 2, 0, 1)), x => F.pad(x, [1, 2, 0, 1])),
        ["ConstantPad2d"] = ([1, 2, 3, 4], () => ConstantPad2d((1, 2, 0, 1), 7), x => F.pad(x, [1, 2, 0, 1], value: 7)),
        ["ReflectionPad2d"] = ([1, 2, 3, 4], () => ReflectionPad2d((1, 2, 0, 1)), x => F.pad(x, [1, 2, 0, 1], PaddingModes.Reflect)),
        ["ReplicationPad2d"] = ([1, 2, 3, 4], () => ReplicationPad2d(2), x => F.pad(x, [2, 2, 2, 2], PaddingModes.Replicate)),
        ["AvgPool1d"] = ([1, 2, 9], () => AvgPool1d(3, 2, 1, count_include_pad: false), x => F.avg_pool1d(x, 3, 2, 1, count_include_pad: false)),
        ["AvgPool2d"] = ([1, 2, 8, 9], () => AvgPool2d(3), x => F.avg_pool2d(x, 3)),
        ["AvgPool2d, oblong"] = ([1, 2, 8, 9], () => AvgPool2d((2, 3), (1, 2), (1, 0), true, false, 5), x => F.avg_pool2d(x, [2, 3], [1, 2], [1, 0], true, false, 5)),
        ["AvgPool3d"] = ([1, 2, 5, 6, 7], () => AvgPool3d((1, 2, 3), (2, 1, 2)), x => F.avg_pool3d(x, [1, 2, 3], [2, 1, 2])),
        ["MaxPool1d"] = ([1, 2, 9], () => MaxPool1d(3, 2, 1, 2), x => F.max_pool1d(x, 3, 2, 1, 2)),
        ["MaxPool2d"] = ([1, 2, 8, 9], () => MaxPool2d(3, 2, 1, ceil_mode: true), x => F.max_pool2d(x, 3, 2, 1, ceil_mode: true)),
        ["MaxPool2d, oblong"] = ([1, 2, 8, 9], () => MaxPool2d((2, 3), padding: (1, 0), dilation: (1, 2)), x => F.max_pool2d(x, [2, 3], [2, 3], [1, 0], [1, 2])),
        ["MaxPool3d"] = ([1, 2, 5, 6, 7], () => MaxPool3d(2, 1, dilation: 2), x => F.max_pool3d(x, [2, 2, 2], [1, 1, 1], [0, 0, 0], [2, 2, 2])),
        ["AdaptiveAvgPool1d"] = ([1, 2, 7], () => AdaptiveAvgPool1d(3), x => F.adaptive_avg_pool1d(x, 3)),
        ["AdaptiveAvgPool2d"] = ([1, 2, 5, 7], () => AdaptiveAvgPool2d((2, 3)), x => F.adaptive_avg_pool2d(x, [2, 3])),
        ["AdaptiveAvgPool3d"] = ([1, 2, 5, 6, 7], () => AdaptiveAvgPool3d((2, 1, 3)), x => F.adaptive_avg_pool3d(x, [2, 1, 3])),
        ["AdaptiveMaxPool2d"] = ([1, 2, 5, 7], () => AdaptiveMaxPool2d([2, 3]), x => F.adaptive_max_pool2d(x, [2, 3])),
    };

    private static readonly Dictionary<string, (Func<Tensor?, Module<Tensor, Tensor, Tensor>> Layer, Func<Tensor, Tensor, Tensor?, Tensor> Function)> s_losses = new()
    {
        ["MSELoss"] = (_ => MSELoss(Reduction.Sum), (x, y, _) => F.mse_loss(x, y, Reduction.Sum)),
        ["L1Loss"] = (_ => L1Loss(Reduction.None), (x, y, _) => F.l1_loss(x, y, Reduction.None)),
        ["SmoothL1Loss"] = (_ => SmoothL1Loss(Reduction.Sum, 0.3), (x, y, _) => F.smooth_l1_loss(x, y, Reduction.Sum, 0.3)),
        ["HuberLoss"] = (_ => HuberLoss(0.3, Reduction.Sum), (x, y, _) => F.huber_loss(x, y, 0.3, Reduction.Sum)),
        ["KLDivLoss"] = (_ => KLDivLoss(false, Reduction.Sum), (x, y, _) => F.kl_div(x, y, false, Reduction.Sum)),
        ["BCELoss"] = (w => BCELoss(w, Reduction.Sum), (x, y, w) => F.binary_cross_entropy(x, y, w, Reduction.Sum)),
        ["BCEWithLogitsLoss"] = (w => BCEWithLogitsLoss(w, Reduction.None, w), (x, y, w) => F.binary_cross_entropy_with_logits(x, y, w, Reduction.None, w)),
        ["NLLLoss"] = (w => NLLLoss(w, Reduction.Sum), (x, _, w) => F.nll_loss(x, tensor(new[] { 2L, 0, 1 }), w, Reduction.Sum)),
        ["CrossEntropyLoss"] = (w => CrossEntropyLoss(w, 0, Reduction.Sum), (x, _, w) => F.cross_entropy(x, tensor(new[] { 2L, 0, 1 }), w, 0, Reduction.Sum)),
        ["CrossEntropyLoss, smoothed"] = (w => new CrossEntropyLoss(w, label_smoothing: 0.2), (x, _, w) => F.cross_entropy(x, tensor(new[] { 2L, 0, 1 }), w, label_smoothing: 0.2)),
    };

    public static TheoryData<string> Layers => [.. s_layers.Keys];

    public static TheoryData<string> Losses => [.. s_losses.Keys];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layer_IsItsFunction(string name)
    {
        using var scope = NewDisposeScope();
        var (shape, make, function) = s_layers[name];
        var x = randn(shape, generator: new Generator(3));
        using var layer = make().to(TestDevice.Here);
        AssertTensor.Equal(function(x), layer.call(x), name);
        if (layer.GetType().GetProperty("inplace") is { } inplace)
        {
            inplace.SetValue(layer, true);
            var expected = function(x);
            AssertTensor.Equal(expected, layer.call(x), name);
            AssertTensor.Equal(expected, x, $"{name} in place");
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Loss_IsItsFunction(string name)
    {
        using var scope = NewDisposeScope();
        var (make, function) = s_losses[name];
        var (x, y, weight) = (rand([3, 3], generator: new Generator(3)), rand([3, 3], generator: new Generator(4)), tensor(new[] { 0.5f, 2, 3 }));
        var target = name.StartsWith("NLL", StringComparison.Ordinal) || name.StartsWith("Cross", StringComparison.Ordinal) ? tensor(new[] { 2L, 0, 1 }) : y;
        foreach (var given in new[] { null, weight })
        {
            using var layer = make(given).to(TestDevice.Here);
            AssertTensor.Equal(function(x, y, given), layer.call(x, target), name);
        }

        // The module kept its own: the caller's tensor is still there.
        Assert.Equal(3, weight.cpu().data<float>()[2]);
    }

    [Fact]
    public void Dropout_EndsWithTraining()
    {
        using var scope = NewDisposeScope();
        using var layer = Dropout(0.75);
        var x = ones(4000);
        manual_seed(4);
        Assert.InRange(layer.call(x).eq(4).mean([0], type: ScalarType.Float64).item<double>(), 0.22, 0.28);
        layer.eval();
        AssertTensor.Equal(x, layer.call(x));
    }

    [Fact]
    public void ModuleDict_NamesItsModules_InTheirOrder()
    {
        using var modules = ModuleDict(("up", (Module)Linear(2, 3)), ("down", Linear(3, 2, hasBias: false)));
        modules.Add("act", ReLU());
        Assert.Equal(["up", "down", "act"], modules.keys());
        Assert.Equal(["up.weight", "up.bias", "down.weight"], modules.state_dict().Keys);
        Assert.Same(modules["down"], modules[1].Item2);
        Assert.True(modules.TryGetValue("act", out var act) && act is ReLU);
        Assert.False(modules.ContainsKey("none"));
        Assert.Contains("none", Assert.Throws<KeyNotFoundException>(() => modules["none"]).Message, StringComparison.Ordinal);
        Assert.Equal(3, modules.Count);
        Assert.Equal(modules.values(), modules.Select(pair => pair.Item2));

        using var typed = ModuleDict<Linear>(("a", Linear(1, 4)));
        Assert.Equal(4, typed["a"].out_features);
    }
}
