using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.TorchSharp.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>Attention of several heads against plain loops in doubles.</summary>
public sealed class MultiheadAttentionTests
{
    private const int Length = 3, Seen = 4, Batch = 2, Width = 6, Heads = 2;

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    [InlineData(true, true, false)]
    public void Answers_MatchPlainLoops(bool moreKeys, bool zeroKey, bool otherWidths)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var (keyWidth, valueWidth) = otherWidths ? (5, 3) : (Width, Width);
        using var layer = MultiheadAttention(Width, Heads, add_bias_kv: moreKeys, add_zero_attn: zeroKey, kdim: keyWidth, vdim: valueWidth).to(TestDevice.Here, ScalarType.Float64);
        init.normal_(layer.get_parameter("in_proj_bias")!).Dispose();
        var (query, key, value) = (randn([Length, Batch, Width], ScalarType.Float64), randn([Seen, Batch, keyWidth], ScalarType.Float64), randn([Seen, Batch, valueWidth], ScalarType.Float64));
        var padding = tensor(new[] { false, false, false, true, false, false, false, false }).reshape(Batch, Seen);
        var pairs = randn([Length, Seen], ScalarType.Float64);
        var (answer, weights) = layer.call(query, key, value, padding, attn_mask: pairs);

        var named = layer.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        var bias = Rows(named["in_proj_bias"].reshape(3, Width));
        var projections = otherWidths
            ? new[] { "q", "k", "v" }.Select(name => Rows(named[$"{name}_proj_weight"])).ToArray()
            : Rows(named["in_proj_weight"]).Chunk(Width).ToArray();
        for (var n = 0; n < Batch; n++)
        {
            var q = Rows(query.select(1, n)).Select(row => Affine(row, projections[0], bias[0])).ToArray();
            var k = Rows(key.select(1, n)).Select(row => Affine(row, projections[1], bias[1])).ToList();
            var v = Rows(value.select(1, n)).Select(row => Affine(row, projections[2], bias[2])).ToList();
            if (moreKeys)
            {
                k.Add(Rows(named["bias_k"][0])[0]);
                v.Add(Rows(named["bias_v"][0])[0]);
            }

            if (zeroKey)
            {
                k.Add(new double[Width]);
                v.Add(new double[Width]);
            }

            for (var row = 0; row < Length; row++)
            {
                var mixed = new double[Width];
                var mean = new double[k.Count];
                for (var head = 0; head < Heads; head++)
                {
                    var part = (head * Width / Heads)..((head + 1) * Width / Heads);
                    double[] looks = [.. k.Select((other, s) => n == 0 && s == 3 ? 0 : Math.Exp((Dot(q[row][part], other[part]) / Math.Sqrt(Width / Heads)) + (s < Seen ? pairs.cpu().data<double>()[row, s] : 0)))];
                    looks = [.. looks.Select(look => look / looks.Sum())];
                    for (var s = 0; s < looks.Length; s++)
                    {
                        mean[s] += looks[s] / Heads;
                        for (var e = part.Start.Value; e < part.End.Value; e++)
                        {
                            mixed[e] += looks[s] * v[s][e];
                        }
                    }
                }

                var expected = Affine(mixed, Rows(named["out_proj.weight"]), Rows(named["out_proj.bias"].reshape(1, Width))[0]);
                AssertTensor.Close(tensor(expected), answer[row, n], 1e-9, 1e-9);
                AssertTensor.Close(tensor(mean), weights![n, row], 1e-9, 1e-9);
            }
        }
    }

    [Fact]
    public void Masks_OfTruthValues_AndOfEachHead()
    {
        using var scope = NewDisposeScope();
        using var layer = MultiheadAttention(Width, Heads, bias: false).to(TestDevice.Here);
        var x = randn(Length, Batch, Width);
        var later = ones([Length, Length], ScalarType.Bool).triu(1);
        var (causal, weights) = layer.call(x, x, x, attn_mask: later);
        Assert.Equal(0, weights!.masked_select(later).abs().max().item<float>());
        var each = zeros(Batch * Heads, Length, Length).masked_fill(later, double.NegativeInfinity);
        AssertTensor.Close(causal, layer.call(x, x, x, attn_mask: each).Item1, 1e-6, 1e-6);
        Assert.Null(layer.call(x, x, x, need_weights: false).Item2);
        Assert.Equal(["in_proj_weight", "out_proj.weight"], layer.state_dict().Keys);
        Assert.Throws<ArgumentException>(() => MultiheadAttention(7, 2));
    }

    [Fact]
    public void Projections_StartAsPyTorchs()
    {
        manual_seed(2);
        using var layer = MultiheadAttention(64, 4, add_bias_kv: true);
        Assert.All(AssertTensor.Values(layer.get_parameter("in_proj_bias")!), value => Assert.Equal(0, value));
        Assert.All(AssertTensor.Values(layer.get_parameter("out_proj.bias")!), value => Assert.Equal(0, value));
        var bound = Math.Sqrt(6.0 / (64 + 192));
        var drawn = AssertTensor.Values(layer.get_parameter("in_proj_weight")!);
        Assert.All(drawn, value => Assert.InRange(value, -bound, bound));
        Assert.InRange(drawn.Max(), 0.99 * bound, bound);
        Assert.InRange(Math.Sqrt(AssertTensor.Values(layer.get_parameter("bias_k")!).Average(value => value * value)) / Math.Sqrt(2.0 / 128), 0.7, 1.4);
    }

    private static double[][] Rows(Tensor matrix) =>
        [.. matrix.detach().contiguous().cpu().data<double>().ToArray().Chunk((int)matrix.shape[^1])];

    private static double[] Affine(double[] x, double[][] rows, double[] bias) => [.. rows.Select((row, i) => Dot(row, x) + bias[i])];

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
