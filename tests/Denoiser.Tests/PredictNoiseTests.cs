using Google.Protobuf.Collections;
using Grpc.Core;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>Scores over the wire against the network called directly.</summary>
public sealed class PredictNoiseTests(DenoiserHost host) : IClassFixture<DenoiserHost>
{
    private static readonly long[] Shape = [2, 8, 24, 16];
    private static readonly int[] Timesteps = [40, 900];

    private static float[] Latents { get; } = Draw();

    [Fact]
    public async Task PredictNoise_IsTheNetworksSampleTurnedIntoNoise_AndGuided()
    {
        var response = await host.Client.PredictNoiseAsync(Request(guidance: 4, parts: true));

        var conditioned = Reference("a red vase");
        var unconditioned = Reference("");
        AssertClose(conditioned, response.ConditionedNoise);
        AssertClose(unconditioned, response.UnconditionedNoise);
        AssertClose([.. unconditioned.Zip(conditioned, (u, c) => u + (4 * (c - u)))], response.Noise);
    }

    [Fact]
    public async Task PredictNoise_WithoutGuidance_IsTheConditionedPart()
    {
        var response = await host.Client.PredictNoiseAsync(Request(guidance: 1, parts: false));

        AssertClose(Reference("a red vase"), response.Noise);
        Assert.Null(response.ConditionedNoise);
        Assert.Null(response.UnconditionedNoise);
    }

    [Fact]
    public async Task PredictNoise_FromHiddenStates_IsThatOfThePrompt()
    {
        var encoded = await host.Client.EncodeTextAsync(new EncodeTextRequest { Prompt = "a red vase" });
        var request = Request(guidance: 4, parts: false);
        request.HiddenStates = encoded.HiddenStates;

        var response = await host.Client.PredictNoiseAsync(request);

        Assert.Equal([16, 8], encoded.HiddenStates.Shape);
        Assert.Equal(
            (await host.Client.PredictNoiseAsync(Request(guidance: 4, parts: false))).Noise.Data,
            response.Noise.Data);
    }

    [Fact]
    public async Task PredictNoise_OtherHash_IsAFailedPrecondition()
    {
        var request = Request(guidance: 1, parts: false);
        request.ModelHash = new string('0', 64);

        var refused = await RefusedAsync(request);

        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        Assert.StartsWith("model_hash", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("latents")]
    [InlineData("timesteps")]
    [InlineData("timesteps out of range")]
    [InlineData("guidance_scale")]
    [InlineData("domain")]
    [InlineData("prompt")]
    [InlineData("hidden_states")]
    [InlineData("One of prompt and hidden_states")]
    public async Task PredictNoise_BadRequest_NamesTheField(string fault)
    {
        var request = Request(guidance: 1, parts: false);
        switch (fault)
        {
            case "latents": request.Latents = InlineTensors.Pack(new float[64], 1, 1, 8, 8); break;
            case "timesteps": Replace(request.Timesteps, 1, 2, 3); break;
            case "timesteps out of range": Replace(request.Timesteps, 1000); break;
            case "guidance_scale": request.GuidanceScale = float.NaN; break;
            case "domain": request.Domain = Domain.Unspecified; break;
            case "prompt": request.Prompt = new string('x', 2001); break;
            case "hidden_states": request.HiddenStates = InlineTensors.Pack(new float[8], 1, 8); break;
            default: request.ClearCondition(); break;
        }

        var refused = await RefusedAsync(request);

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.StartsWith(fault.Split(" out")[0], refused.Status.Detail, StringComparison.Ordinal);
    }

    private static float[] Draw()
    {
        using var generator = new Generator(5);
        return randn(Shape, generator: generator).cpu().data<float>().ToArray();
    }

    private static PredictNoiseRequest Request(float guidance, bool parts) => new()
    {
        Latents = InlineTensors.Pack(Latents, Shape),
        Timesteps = { Timesteps },
        Prompt = "a red vase",
        GuidanceScale = guidance,
        IncludeParts = parts,
        Domain = Domain.Synthetic,
    };

    private static void Replace(RepeatedField<int> field, params int[] values)
    {
        field.Clear();
        field.AddRange(values);
    }

    private async Task<RpcException> RefusedAsync(PredictNoiseRequest request) =>
        await Assert.ThrowsAsync<RpcException>(() => host.Client.PredictNoiseAsync(request).ResponseAsync);

    /// <summary>eps = (z - sqrt(a) x0) / sqrt(1 - a) with x0 from the folder's own network, both items in one batch.</summary>
    private float[] Reference(string prompt)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var folder = ModelFolder.Open(Path.Combine(host.Models, "realiz3d-mini"));
        using var text = folder.LoadTextEncoder().to(TestDevice.Here);
        using var transformer = folder.LoadTransformer().to(TestDevice.Here);
        var tokens = folder.ReadTokenizer().EncodePadded(prompt);
        var states = text.call(tensor(tokens.Ids, [1, tokens.Ids.Length]), null).LastHiddenState;
        var mask = tensor(tokens.Mask, [1, tokens.Mask.Length]).to(ScalarType.Float32);
        var z = tensor(Latents, Shape);
        var clean = transformer.call(
            z, states.expand(2, -1, -1), tensor(Timesteps.Select(t => (long)t).ToArray()), mask.expand(2, -1));
        var values = clean.cpu().data<float>().ToArray();
        var alphas = new NoiseSchedule(folder.ReadScheduler()).AlphasCumprod;
        var perItem = values.Length / 2;
        return [.. values.Select((x, i) =>
        {
            var a = alphas[Timesteps[i / perItem]];
            return (float)((Latents[i] - (Math.Sqrt(a) * x)) / Math.Sqrt(1 - a));
        })];
    }

    // A whole network in fp32, batched otherwise than the reference: relative 1e-4 of numbers up to about 10.
    private static void AssertClose(float[] expected, Contracts.Tensors.V1.InlineTensor actual)
    {
        Assert.Equal(Shape, actual.Shape);
        using var reference = tensor(expected, Shape);
        using var answered = tensor(InlineTensors.ReadFloats(actual, "noise"), Shape);
        AssertTensor.Close(reference, answered, relative: 1e-4, absolute: 1e-4, "noise");
    }
}
