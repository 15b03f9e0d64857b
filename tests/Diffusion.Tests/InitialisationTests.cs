using Realiz3D.Mesh.Testing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public class InitialisationTests
{
    [Fact]
    public void Transformer_StartsSilentWherePixArtDoes_AndNowhereElse()
    {
        using var model = TinyModels.Transformer();
        string[] silent =
        [
            "proj_out.weight",
            "transformer_blocks.0.attn2.to_out.0.weight",
            "transformer_blocks.1.attn2.to_out.0.weight",
        ];

        foreach (var (name, parameter) in model.named_parameters())
        {
            var values = AssertTensor.Values(parameter);
            var isZero = silent.Contains(name) || name.EndsWith(".bias", StringComparison.Ordinal);
            Assert.True(isZero == values.All(value => value == 0), name);
        }

        using var scope = NewDisposeScope();
        var output = model.call(ones(1, 3, 12, 8), ones(1, 4, 10), tensor(new long[] { 500 }), null);
        AssertTensor.Equal(zeros(1, 3, 12, 8), output, "output at the start");
    }

    [Theory]
    [InlineData("transformer_blocks.0.ff.net.0.proj.weight", 0.158)]        // sqrt(6/(16+64)) / sqrt(3)
    [InlineData("transformer_blocks.1.attn1.to_q.weight", 0.25)]            // sqrt(6/(16+16)) / sqrt(3)
    [InlineData("adaln_single.linear.weight", 0.02)]
    [InlineData("caption_projection.linear_1.weight", 0.02)]
    [InlineData("transformer_blocks.0.scale_shift_table", 0.25)]            // 1/sqrt(16)
    public void Transformer_Draws_HaveThePublishedDeviation(string name, double deviation)
    {
        using var model = TinyModels.Transformer();
        var values = AssertTensor.Values(model.get_parameter(name)!);
        var measured = Math.Sqrt(values.Average(value => value * value));
        var error = 5 * deviation / Math.Sqrt(2 * values.Length);           // five standard errors
        Assert.InRange(measured, deviation - error, deviation + error);
    }

    [Fact]
    public void Norms_StartAtOneAndZero()
    {
        // Without the generator's draws too: TorchSharp itself leaves a GroupNorm's memory as it finds it.
        using var model = new AutoencoderKL(TinyModels.AutoencoderConfig);
        var norms = model.modules().OfType<GroupNorm>().ToArray();

        Assert.Equal(24, norms.Length);
        Assert.All(norms, norm =>
        {
            Assert.All(AssertTensor.Values(norm.weight!), value => Assert.Equal(1, value));
            Assert.All(AssertTensor.Values(norm.bias!), value => Assert.Equal(0, value));
        });
    }

    [Fact]
    public void SameSeed_SameNetwork_OtherSeed_Another()
    {
        using var first = TinyModels.Autoencoder(seed: 5);
        using var again = TinyModels.Autoencoder(seed: 5);
        using var other = TinyModels.Autoencoder(seed: 6);

        var names = first.named_parameters().Where(pair => pair.Item1.EndsWith("conv1.weight", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(names);
        Assert.All(names, pair =>
        {
            AssertTensor.Equal(pair.Item2, again.get_parameter(pair.Item1)!, pair.Item1);
            Assert.NotNull(TensorComparison.Of(pair.Item2, other.get_parameter(pair.Item1)!, 0, 0).Problem(pair.Item1));
        });
    }

    [Fact]
    public void Convolution_IsUniformWithinOneOverRootOfFanIn()
    {
        using var model = TinyModels.Autoencoder();
        var values = AssertTensor.Values(model.get_parameter("encoder.down_blocks.1.resnets.0.conv2.weight")!);
        var bound = 1 / Math.Sqrt(16 * 9);
        Assert.InRange(values.Max(), 0.98 * bound, bound);
        Assert.InRange(values.Min(), -bound, -0.98 * bound);
    }
}
