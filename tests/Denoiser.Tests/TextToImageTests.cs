using System.Runtime.InteropServices;
using Grpc.Core;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>Folders in Stable Diffusion's layout over the wire, against their networks called directly.</summary>
public sealed class TextToImageTests(DenoiserHost host) : IClassFixture<DenoiserHost>
{
    private const string Euler = """
        {"_class_name": "EulerDiscreteScheduler", "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear",
         "prediction_type": "PREDICTION"}
        """;

    private static readonly long[] Shape = [2, 4, 6, 10];   // not the size that the folder names
    private static readonly float[] Timesteps = [40.25f, 900];

    [Theory]
    [InlineData("epsilon")]
    [InlineData("v_prediction")]
    public async Task PredictNoise_IsTheUNetsNoise_WhateverItPredicts_EachItemGuidedByItself(string prediction)
    {
        var model = Write($"sd-{prediction}", Euler.Replace("PREDICTION", prediction, StringComparison.Ordinal));
        var request = Request(model);
        request.NegativePrompt = "a blue chair";
        request.GuidanceScales.AddRange([7.5f, 1]);
        request.IncludeParts = true;

        var response = await host.Client.PredictNoiseAsync(request);

        using var scope = NewDisposeScope();
        var (c, u) = (Reference(model, "a red vase"), Reference(model, "a blue chair"));
        AssertClose(c, response.ConditionedNoise);
        AssertClose(u, response.UnconditionedNoise);
        AssertClose(u + ((c - u) * tensor(new[] { 7.5f, 1 }, [2, 1, 1, 1])), response.Noise);
    }

    [Fact]
    public async Task PredictNoise_FromHiddenStates_OfBothConditions_IsThatOfTheirPrompts()
    {
        var model = Write("sd-epsilon", Euler.Replace("PREDICTION", "epsilon", StringComparison.Ordinal));
        var words = Request(model);
        (words.NegativePrompt, words.GuidanceScale) = ("a blue chair", 3);
        var states = words.Clone();
        states.HiddenStates = (await host.Client.EncodeTextAsync(new EncodeTextRequest { Model = model, Prompt = "a red vase" })).HiddenStates;
        var negative = await host.Client.EncodeTextAsync(new EncodeTextRequest { Model = model, Prompt = "a blue chair" });
        states.NegativeHiddenStates = negative.HiddenStates;

        Assert.Equal((await host.Client.PredictNoiseAsync(words)).Noise.Data, (await host.Client.PredictNoiseAsync(states)).Noise.Data);

        // A published U-Net looks at all tokens, padding included.
        Assert.Equal(Enumerable.Repeat(1L, 16), MemoryMarshal.Cast<byte, long>(negative.AttentionMask.Data.Span).ToArray());
        using var scope = NewDisposeScope();
        AssertTensor.Close(
            Encode(model, "a blue chair"), tensor(InlineTensors.ReadFloats(negative.HiddenStates, "hidden_states"), [1, 16, 16]), 1e-5, 1e-5, "states");
    }

    [Fact]
    public async Task PredictNoise_OfADistilledUNet_TellsItTheGuidance_AndAsksOnce()
    {
        var model = Write(
            "lcm", Euler.Replace("PREDICTION", "epsilon", StringComparison.Ordinal), config => config with { TimeCondProjDim = 8 });
        var request = Request(model);
        request.GuidanceScales.AddRange([7.5f, 2]);

        var response = await host.Client.PredictNoiseAsync(request);

        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var unet = Folder(model).LoadUNet().to(TestDevice.Here);
        var told = new UNetConditions { TimestepCond = Guidance.Waves([7.5, 2], 8, TestDevice.Here) };
        var expected = unet.call(Latents(), tensor(Timesteps), Encode(model, "a red vase").expand(2, -1, -1), told);
        AssertClose(expected, response.Noise);

        request.IncludeParts = true;
        await RefusedAsync(request, "include_parts");
    }

    [Fact]
    public async Task Calls_ThatAModelDoesNotServe_SayWhichKindIsNeeded()
    {
        var model = Write("sd-epsilon", Euler.Replace("PREDICTION", "epsilon", StringComparison.Ordinal));
        var views = DenoiserHost.Request();
        views.Model = model;
        var refused = await Assert.ThrowsAsync<RpcException>(() => host.PaintAsync(views));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("MODEL_KIND_VIEW_PAINTER", refused.Status.Detail, StringComparison.Ordinal);

        var inpaints = Write("nine", Euler.Replace("PREDICTION", "epsilon", StringComparison.Ordinal), config => config with { InChannels = 9 });
        await RefusedAsync(Request(inpaints), "model nine is shown a mask");
    }

    [Theory]
    [InlineData("timesteps")]
    [InlineData("fractional_timesteps")]
    [InlineData("guidance_scales")]
    [InlineData("negative_prompt")]
    [InlineData("negative_hidden_states")]
    [InlineData("latents")]
    public async Task PredictNoise_BadRequest_NamesTheField(string field)
    {
        var request = Request(Write("sd-epsilon", Euler.Replace("PREDICTION", "epsilon", StringComparison.Ordinal)));
        request.GuidanceScale = 2;
        switch (field)
        {
            case "timesteps": request.Timesteps.Add(5); break;
            case "fractional_timesteps": request.FractionalTimesteps[1] = 999.5f; break;
            case "guidance_scales": request.GuidanceScales.Add(1); break;
            case "negative_prompt": request.NegativePrompt = new string('x', 2001); break;
            case "negative_hidden_states": request.NegativeHiddenStates = InlineTensors.Pack(new float[8], 1, 8); break;
            default: request.Latents = InlineTensors.Pack(new float[120], 1, 3, 5, 8); break;
        }

        await RefusedAsync(request, field);
    }

    private static float[] Draw()
    {
        using var generator = new Generator(5);
        return randn(Shape, generator: generator).cpu().data<float>().ToArray();
    }

    private static Tensor Latents() => tensor(Draw(), Shape);

    private static PredictNoiseRequest Request(string model) => new()
    {
        Model = model,
        Latents = InlineTensors.Pack(Draw(), Shape),
        FractionalTimesteps = { Timesteps },
        Prompt = "a red vase",
        GuidanceScale = 1,
        Domain = Domain.Photo,
    };

    private static void AssertClose(Tensor expected, Contracts.Tensors.V1.InlineTensor actual) => AssertTensor.Close(
        expected, tensor(InlineTensors.ReadFloats(actual, "noise"), Shape), relative: 1e-4, absolute: 1e-4, "noise");

    private string Write(string name, string scheduler, Func<UNetConfig, UNetConfig>? unet = null)
    {
        if (!Directory.Exists(Path.Combine(host.Models, name)))
        {
            TinyPublished.WriteTextToImage(Path.Combine(host.Models, name), scheduler, unet);
        }

        return name;
    }

    private ModelFolder Folder(string model) => ModelFolder.Open(Path.Combine(host.Models, model));

    private Tensor Encode(string model, string prompt)
    {
        using var untracked = no_grad();
        using var text = Folder(model).LoadTextEncoder().to(TestDevice.Here);
        var ids = Folder(model).ReadTokenizer().EncodePadded(prompt).Ids;
        return text.call(tensor(ids, [1, ids.Length]), null).LastHiddenState;
    }

    /// <summary>The network's own answer as noise, written out: eps = sqrt(a) v + sqrt(1 - a) x, sigma linear between timesteps.</summary>
    private Tensor Reference(string model, string prompt)
    {
        using var untracked = no_grad();
        using var unet = Folder(model).LoadUNet().to(TestDevice.Here);
        var x = Latents();
        var output = unet.call(x, tensor(Timesteps), Encode(model, prompt).expand(2, -1, -1), null);
        var schedule = new NoiseSchedule(Folder(model).ReadScheduler());
        if (schedule.Config.PredictionType == PredictionType.Epsilon)
        {
            return output;
        }

        double Sigma(int t) => Math.Sqrt((1 - schedule.AlphasCumprod[t]) / schedule.AlphasCumprod[t]);
        var sigmas = new[] { (0.75 * Sigma(40)) + (0.25 * Sigma(41)), Sigma(900) };
        var signal = tensor(sigmas.Select(s => (float)(1 / Math.Sqrt((s * s) + 1))).ToArray(), [2, 1, 1, 1]);
        var noise = tensor(sigmas.Select(s => (float)(s / Math.Sqrt((s * s) + 1))).ToArray(), [2, 1, 1, 1]);
        return (signal * output) + (noise * x);
    }

    private async Task RefusedAsync(PredictNoiseRequest request, string start)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => host.Client.PredictNoiseAsync(request).ResponseAsync);
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.StartsWith(start, refused.Status.Detail, StringComparison.Ordinal);
    }
}
