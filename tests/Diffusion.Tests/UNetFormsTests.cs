using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>Forms of the U-Net that the reference cases leave out, against the formulas and against each other.</summary>
public class UNetFormsTests
{
    [Theory]
    [InlineData("default")]
    [InlineData("scale_shift")]
    [InlineData("ada_group")]
    public void ResidualBlock_MatchesTheFormula(string form)
    {
        using var scope = NewDisposeScope();
        var config = TinyModels.UNetConfig with { ResnetTimeScaleShift = form, ActFn = "mish", TimeEmbeddingDim = 6 };
        using var generator = new Generator(5);
        using var block = new UNetResidualBlock(8, 12, config, outputScale: 1.5);
        Initialisation.FanIn(block, generator);
        block.to(TestDevice.Here).eval();
        var (x, e) = (randn([2, 8, 5, 4], generator: generator), randn([2, 6], generator: generator));

        var w = block.state_dict();
        var h = Norm(x, "norm1");
        h = functional.conv2d(functional.mish(h), w["conv1.weight"], w["conv1.bias"], padding: [1, 1]);
        if (form == "ada_group")
        {
            h = Norm(h, "norm2");
        }
        else
        {
            var told = functional.linear(functional.mish(e), w["time_emb_proj.weight"], w["time_emb_proj.bias"]).unsqueeze(-1).unsqueeze(-1);
            h = form == "default" ? Norm(h + told, "norm2")
                : Norm(h, "norm2") * (1 + told.narrow(1, 0, 12)) + told.narrow(1, 12, 12);
        }

        h = functional.conv2d(functional.mish(h), w["conv2.weight"], w["conv2.bias"], padding: [1, 1]);
        var expected = (functional.conv2d(x, w["conv_shortcut.weight"], w["conv_shortcut.bias"]) + h) / 1.5;
        AssertTensor.Close(expected, block.call(x, e), 1e-4, 1e-5, form);

        Tensor Norm(Tensor input, string name)
        {
            if (form != "ada_group")
            {
                return functional.group_norm(input, 4, w[$"{name}.weight"], w[$"{name}.bias"], config.NormEps);
            }

            var m = functional.linear(e, w[$"{name}.linear.weight"], w[$"{name}.linear.bias"]).unsqueeze(-1).unsqueeze(-1);
            var c = input.shape[1];
            return functional.group_norm(input, 4, eps: config.NormEps) * (1 + m.narrow(1, 0, c)) + m.narrow(1, c, c);
        }
    }

    [Fact]
    public void Waves_MatchTheFormula_ShiftedSwappedAndOdd()
    {
        using var scope = NewDisposeScope();
        var waves = TimestepEmbedding.Waves(tensor(new[] { 3f, 801.5f }), 7, cosinesFirst: false, shift: 1);
        Assert.Equal([2, 7], waves.shape);
        for (var n = 0; n < 2; n++)
        {
            var t = n == 0 ? 3 : 801.5;
            for (var k = 0; k < 3; k++)
            {
                var angle = t * Math.Pow(10000, -k / 2.0);
                Assert.Equal(Math.Sin(angle), waves[n, k].item<float>(), 1e-4);
                Assert.Equal(Math.Cos(angle), waves[n, 3 + k].item<float>(), 1e-4);
            }

            Assert.Equal(0, waves[n, 6].item<float>());
        }
    }

    [Fact]
    public void AttentionPooling_MatchesBruteForce()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using var pool = new AttentionPooling(6, heads: 2);
        Initialisation.FanIn(pool, generator);
        init.normal_(pool.state_dict()["positional_embedding"], 0, 1, generator);
        pool.to(TestDevice.Here);
        var tokens = randn([1, 4, 6], generator: generator);

        var w = pool.state_dict();
        var asks = tokens.mean([1], keepdim: true) + w["positional_embedding"];
        var all = cat([asks, tokens], 1);
        var (q, k, v) = (Project(asks, "q_proj"), Project(all, "k_proj"), Project(all, "v_proj"));
        var expected = new double[6];
        for (var head = 0; head < 2; head++)
        {
            var scores = Enumerable.Range(0, 5)
                .Select(i => Enumerable.Range(3 * head, 3).Sum(c => (double)q[0][c] * k[i][c]) / Math.Sqrt(3)).ToArray();
            var total = scores.Sum(Math.Exp);
            for (var c = 3 * head; c < 3 * head + 3; c++)
            {
                expected[c] = Enumerable.Range(0, 5).Sum(i => Math.Exp(scores[i]) / total * v[i][c]);
            }
        }

        AssertTensor.Close(tensor(expected.Select(x => (float)x).ToArray(), [1, 6]), pool.call(tokens), 1e-4, 1e-5, "pooled");

        float[][] Project(Tensor input, string name)
        {
            var values = functional.linear(input, w[$"{name}.weight"], w[$"{name}.bias"]);
            return [.. Enumerable.Range(0, (int)values.shape[1]).Select(i => values[0, i].cpu().data<float>().ToArray())];
        }
    }

    [Theory]
    [InlineData("text_proj", null, "identity")]
    [InlineData("text_image_proj", "text_image", "timestep")]
    [InlineData("image_proj", "image", "projection")]
    [InlineData(null, "text", "simple_projection")]
    public void Forward_UsesEveryConditionThatTheConfigurationAsksFor(string? projection, string? addition, string classes)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var config = TinyModels.UNetConfig with
        {
            EncoderHidDimType = projection,
            EncoderHidDim = projection is null ? null : 14,
            AdditionEmbedType = addition,
            AdditionEmbedTypeNumHeads = 2,
            ClassEmbedType = classes,
            ProjectionClassEmbeddingsInputDim = 5,
            TimeCondProjDim = 3,
            TimestepPostAct = "gelu",
            TimeEmbeddingActFn = "relu",
        };
        using var model = TinyModels.UNet(config);
        using var generator = new Generator(2);
        var (sample, text) = (randn([2, 4, 8, 8], generator: generator), randn([2, 3, projection is null ? 12 : 14], generator: generator));
        var width = classes == "identity" ? 32 : 5;
        var conditions = new UNetConditions
        {
            TimestepCond = randn([2, 3], generator: generator),
            ClassLabels = classes == "timestep" ? tensor(new long[] { 4, 700 }) : randn([2, width], generator: generator),
            TextEmbeds = randn([2, 12], generator: generator),
            ImageEmbeds = randn([2, addition == "image" || projection == "image_proj" ? 14 : 12], generator: generator),
        };
        var first = Run(conditions);

        Assert.True(Differs(Run(conditions with { TimestepCond = conditions.TimestepCond * 2 })));
        Assert.True(Differs(Run(conditions with { ClassLabels = conditions.ClassLabels + 1 })));
        Assert.Equal(addition == "text_image", Differs(Run(conditions with { TextEmbeds = conditions.TextEmbeds * 2 })));
        Assert.Equal(
            addition is "image" or "text_image", Differs(Run(conditions with { ImageEmbeds = conditions.ImageEmbeds * 2 })));
        var missing = Assert.Throws<ArgumentException>(() => Run(conditions with { ClassLabels = null }));
        Assert.Contains("ClassLabels", missing.Message, StringComparison.Ordinal);

        Tensor Run(UNetConditions told) => model.call(sample, tensor(new[] { 7.5f }), text, told);

        bool Differs(Tensor other) => (other - first).abs().max().item<float>() > 1e-4f;
    }

    [Fact]
    public void ReferenceTokens_OfTheSamePass_ChangeNothing_AndOfAnother_Do()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var model = TinyModels.UNet(TinyModels.UNetConfig);
        using var generator = new Generator(2);
        var (sample, text) = (randn([1, 4, 8, 8], generator: generator), randn([1, 3, 12], generator: generator));
        var plain = model.call(sample, tensor(7L), text, null);

        // Keys and values twice: every weight halves, every value counts twice.
        AssertTensor.Close(plain, Read(sample), 1e-3, 1e-5, "the same reference");
        Assert.True((Read(sample * 3) - plain).abs().max().item<float>() > 1e-3f);

        Tensor Read(Tensor reference)
        {
            using var kept = new ReferenceTokens();
            model.call(reference, tensor(7L), text, new UNetConditions { Reference = kept }).Dispose();
            kept.StartReading();
            return model.call(sample, tensor(7L), text, new UNetConditions { Reference = kept });
        }
    }

    [Fact]
    public void Forward_WithoutGradients_LeavesItsInputsAlone_AndAnswersTheSame()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModels.UNet(TinyModels.UNetConfig);
        using var generator = new Generator(2);
        var (sample, text) = (randn([1, 4, 8, 8], generator: generator), randn([1, 3, 12], generator: generator));
        var (sampleBefore, textBefore) = (sample.clone(), text.clone());
        var tracked = model.call(sample, tensor(7L), text, null);

        using (no_grad())
        {
            AssertTensor.Close(tracked, model.call(sample, tensor(7L), text, null), 1e-5, 1e-6, "in place");
        }

        Assert.True(sample.eq(sampleBefore).all().item<bool>());
        Assert.True(text.eq(textBefore).all().item<bool>());
    }

    [Theory]
    [InlineData(9, 7, 1, 1)]
    [InlineData(8, 8, 0, 1)]
    [InlineData(8, 8, 1, 5)]
    public void Forward_KeepsTheSize(int height, int width, int padding, int kernel)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var model = TinyModels.UNet(TinyModels.UNetConfig with
        {
            DownsamplePadding = padding,
            ConvInKernel = kernel,
            ConvOutKernel = kernel,
            LayersPerBlock = (int[])[2, 1],
            MidBlockType = kernel == 5 ? null : "UNetMidBlock2D",
            OnlyCrossAttention = true,
            CenterInputSample = true,
        });
        var output = model.call(ones(1, 4, height, width), tensor(7L), ones(1, 3, 12), null);
        Assert.Equal([1, 4, height, width], output.shape);
    }

    [Fact]
    public void Fourier_WavesAreTheFormula()
    {
        using var scope = NewDisposeScope();
        using var owner = ModuleList<Module>();
        var time = new UNetTime(TinyModels.UNetConfig with { TimeEmbeddingType = "fourier", TimeEmbeddingDim = 4 }, owner);
        owner.to(TestDevice.Here);
        var weight = owner.state_dict()["time_proj.weight"];
        weight.copy_(tensor(new[] { 0.5f, -2f }));
        var waves = time.Waves(tensor(new[] { 0.3f })).cpu().data<float>().ToArray();
        double[] angles = [2 * Math.PI * 0.3 * 0.5, 2 * Math.PI * 0.3 * -2];
        Assert.Equal(Math.Cos(angles[0]), waves[0], 1e-5);
        Assert.Equal(Math.Cos(angles[1]), waves[1], 1e-5);
        Assert.Equal(Math.Sin(angles[0]), waves[2], 1e-5);
        Assert.Equal(Math.Sin(angles[1]), waves[3], 1e-5);
    }
}
