using Realiz3D.Mesh.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.TorchSharp.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class ModuleTests
{
    [Fact]
    public void Parameters_CarryTheNamesOfTheirFields()
    {
        using var block = new Block().to(TestDevice.Here);
        Assert.Equal(
            ["conv.bias", "conv.weight", "layers.0.bias", "layers.0.weight", "layers.1.weight", "scale", "table"],
            block.state_dict().Keys.Order(StringComparer.Ordinal));
        Assert.Equal(6, block.parameters().Count());
        Assert.Single(block.buffers());
    }

    [Fact]
    public void LoadStateDict_CopiesValues_AndRefusesOtherNames()
    {
        using var scope = NewDisposeScope();
        using var source = new Block().to(TestDevice.Here);
        using var target = new Block().to(TestDevice.Here);
        target.load_state_dict(source.state_dict());
        Assert.True(target.get_parameter("conv.weight")!.allclose(source.get_parameter("conv.weight")!));

        var short_of_one = source.state_dict();
        short_of_one.Remove("conv.weight");
        var failure = Assert.Throws<InvalidOperationException>(() => target.load_state_dict(short_of_one));
        Assert.Contains("conv.weight", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Norms_StartAtOneAndZero()
    {
        using var group = GroupNorm(2, 4).to(TestDevice.Here);
        using var layer = LayerNorm(3).to(TestDevice.Here);
        Assert.Equal([1f, 1, 1, 1], group.weight!.cpu().data<float>().ToArray());
        Assert.Equal([0f, 0, 0, 0], group.bias!.cpu().data<float>().ToArray());
        Assert.Equal([1f, 1, 1], layer.weight!.cpu().data<float>().ToArray());
        Assert.Equal([0f, 0, 0], layer.bias!.cpu().data<float>().ToArray());
    }

    [Fact]
    public void GroupNorm_MatchesTheFormulaInDouble()
    {
        using var scope = NewDisposeScope();
        var x = randn([2, 4, 3, 3], ScalarType.Float64, generator: new Generator(1));
        var y = functional.group_norm(x, 2, eps: 1e-5).cpu().data<double>().ToArray();
        var values = x.cpu().data<double>().ToArray();
        for (var group = 0; group < 4; group++)
        {
            var part = values[(group * 18)..((group + 1) * 18)];
            var mean = part.Average();
            var deviation = Math.Sqrt(part.Average(v => (v - mean) * (v - mean)) + 1e-5);
            for (var i = 0; i < 18; i++)
            {
                Assert.Equal((part[i] - mean) / deviation, y[(group * 18) + i], 1e-9);
            }
        }
    }

    [Fact]
    public void Conv2d_MatchesPlainLoops()
    {
        using var scope = NewDisposeScope();
        using var conv = Conv2d(2, 3, kernel_size: 3, stride: 2, padding: 1).to(TestDevice.Here);
        var x = randn([1, 2, 5, 5], generator: new Generator(3));
        var y = conv.call(x);
        var (input, weight, bias) = (x.cpu().data<float>(), conv.weight.cpu().data<float>(), conv.bias!.cpu().data<float>());
        Assert.Equal([1L, 3, 3, 3], y.shape);
        foreach (var (o, r, c) in from o in Enumerable.Range(0, 3) from r in Enumerable.Range(0, 3) from c in Enumerable.Range(0, 3) select (o, r, c))
        {
            double sum = bias[o];
            foreach (var (i, p, q) in from i in Enumerable.Range(0, 2) from p in Enumerable.Range(0, 3) from q in Enumerable.Range(0, 3) select (i, p, q))
            {
                var (row, column) = ((2 * r) + p - 1, (2 * c) + q - 1);
                sum += row is >= 0 and < 5 && column is >= 0 and < 5 ? input[0, i, row, column] * (double)weight[o, i, p, q] : 0;
            }

            Assert.Equal(sum, y.cpu().data<float>()[0, o, r, c], 1e-5);
        }
    }

    [Fact]
    public void Attention_MatchesPlainLoops_WithAMask()
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(5);
        var (q, k, v) = (randn([1, 2, 3, 4], ScalarType.Float64, generator: generator), randn([1, 2, 5, 4], ScalarType.Float64, generator: generator), randn([1, 2, 5, 4], ScalarType.Float64, generator: generator));
        var keep = tensor(new[] { true, true, false, true, false }).reshape(1, 1, 1, 5);
        var y = functional.scaled_dot_product_attention(q, k, v, keep).cpu().data<double>();
        for (var head = 0; head < 2; head++)
        {
            for (var row = 0; row < 3; row++)
            {
                var weights = new double[5];
                foreach (var key in new[] { 0, 1, 3 })
                {
                    weights[key] = Math.Exp(Enumerable.Range(0, 4).Sum(e => q.cpu().data<double>()[0, head, row, e] * k.cpu().data<double>()[0, head, key, e]) / 2);
                }

                for (var e = 0; e < 4; e++)
                {
                    var expected = Enumerable.Range(0, 5).Sum(key => weights[key] * v.cpu().data<double>()[0, head, key, e]) / weights.Sum();
                    Assert.Equal(expected, y[0, head, row, e], 1e-9);
                }
            }
        }
    }

    [Fact]
    public void To_ChangesEveryFloatingParameter()
    {
        using var block = new Block().to(TestDevice.Here);
        block.to(ScalarType.Float64);
        Assert.All(block.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
        Assert.Equal(ScalarType.Int64, block.get_buffer("table")!.dtype);
    }

    private sealed class Block : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv = Conv2d(2, 2, 1);
        private readonly ModuleList<Module<Tensor, Tensor>> layers = ModuleList<Module<Tensor, Tensor>>(Linear(2, 2), Linear(2, 1, hasBias: false));
        private readonly Parameter scale = Parameter(ones(1));
        private readonly Tensor table = arange(3);

        public Block()
            : base(nameof(Block)) => RegisterComponents();

        public override Tensor forward(Tensor input) => layers[1].call(layers[0].call(conv.call(input) * scale)) + table[0];
    }
}
