using Grpc.Core;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising.Tests;

/// <summary>LoRA adapters by request, over the wire, against the pipeline over networks into which they were merged.</summary>
public sealed class AdapterTests(DenoiserHost host) : IClassFixture<DenoiserHost>
{
    private const string Query = "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q";
    private const string Key = "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k";
    private const string Text = "text_encoder.text_model.encoder.layers.0.self_attn.q_proj";

    [Fact]
    public async Task Pictures_WearTheirAdapters_AlsoWhenOthersPaintAtTheSameTime()
    {
        var (bare, one, both) = (Request(), Request(), Request());
        one.Adapters.Add(new Adapter { Name = "adapter-style" });
        both.Adapters.AddRange([new Adapter { Name = "adapter-style", Weight = 0.8f }, new Adapter { Name = "adapter-folder", Weight = -1.5f }]);
        var before = await PaintAsync(bare);
        var encoded = await EncodeAsync();

        var painted = await Task.WhenAll(PaintAsync(one), PaintAsync(bare), PaintAsync(both), PaintAsync(one));

        await AssertIsAsync(painted[0], one, ("adapter-style", 1));
        await AssertIsAsync(painted[1], bare);
        await AssertIsAsync(painted[2], both, ("adapter-style", 0.8f), ("adapter-folder", -1.5f));
        await AssertIsAsync(painted[3], one, ("adapter-style", 1));
        Assert.Equal(3, painted.Select(picture => picture.ImageArtifactId).Distinct().Count());

        // What was worn is taken off without a trace.
        Assert.Equal(before, await PaintAsync(bare));
        Assert.Equal(encoded, await EncodeAsync());
    }

    [Fact]
    public async Task Adapter_AndControlImage_GoTogether()
    {
        TinyPublished.WriteControlNet(Path.Combine(host.Models, "adapter-control"));
        var request = Request();
        request.Control = new ControlImage
        {
            Model = "adapter-control", ImageArtifactId = await host.StoreAsync(Png.Write(new byte[24 * 16], 24, 16, 1)), ConditioningScale = 0,
        };
        request.Adapters.Add(new Adapter { Name = "adapter-style" });

        var silent = await PaintAsync(request);
        await AssertIsAsync(silent, request, ("adapter-style", 1)); // a ControlNet that says nothing
        request.Control.ConditioningScale = 1;
        Assert.NotEqual(silent.ImageArtifactId, (await PaintAsync(request)).ImageArtifactId);
    }

    [Theory]
    [InlineData("nobody", StatusCode.NotFound, "There is no adapter \"nobody\"")]
    [InlineData("../adapter-style", StatusCode.NotFound, "There is no adapter \"../adapter-style\"")]
    [InlineData("..", StatusCode.NotFound, "There is no adapter \"..\"")]
    [InlineData("", StatusCode.NotFound, "There is no adapter \"\"")]
    [InlineData("adapter-layer", StatusCode.FailedPrecondition, "unet.nowhere.to_q.lora.down.weight\" updates a layer that the model does not have")]
    [InlineData("adapter-shape", StatusCode.FailedPrecondition, "attn1.to_q.lora.down.weight\": a low-rank update of shapes [2, 6]")]
    [InlineData("adapter-component", StatusCode.FailedPrecondition, "updates the component \"text_encoder_2\"")]
    [InlineData("adapter-broken", StatusCode.FailedPrecondition, "adapter-broken.safetensors")]
    [InlineData("nine", StatusCode.InvalidArgument, "adapters must be at most 8.")]
    [InlineData("heavy", StatusCode.InvalidArgument, "adapters.weight must be -10 to 10.")]
    public async Task BadAdapter_SaysWhatIsWrong(string name, StatusCode code, string said)
    {
        var request = Request();
        Write("adapter-layer.safetensors", ("unet.nowhere.to_q", 8, 8));
        Write("adapter-shape.safetensors", (Query, 6, 8));
        Write("adapter-component.safetensors", ("text_encoder_2.text_model.encoder.layers.0.self_attn.q_proj", 16, 16));
        await File.WriteAllBytesAsync(Path.Combine(host.Models, "adapter-broken.safetensors"), [1, 2, 3]);
        request.Adapters.AddRange(name switch
        {
            "nine" => Enumerable.Repeat(new Adapter { Name = "adapter-style" }, 9),
            "heavy" => [new Adapter { Name = "adapter-style", Weight = float.NaN }],
            _ => [new Adapter { Name = name }],
        });

        var refused = await Assert.ThrowsAsync<RpcException>(() => PaintAsync(request));

        Assert.Equal(code, refused.StatusCode);
        Assert.Contains(said, refused.Status.Detail, StringComparison.Ordinal);
    }

    /// <summary>A request, and the model and adapters that it may name.</summary>
    private GenerateImageRequest Request()
    {
        if (!Directory.Exists(Path.Combine(host.Models, "adapter-sd")))
        {
            TinyPublished.WriteTextToImage(Path.Combine(host.Models, "adapter-sd"), """
                {"_class_name": "EulerDiscreteScheduler", "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
                """);
            Write("adapter-style.safetensors", (Query, 8, 8), (Key, 16, 8), (Text, 16, 16));
            Directory.CreateDirectory(Path.Combine(host.Models, "adapter-folder"));
            Write("adapter-folder/pytorch_lora_weights.safetensors", (Key, 16, 8));
        }

        return new GenerateImageRequest
        {
            Model = "adapter-sd", Prompt = "a red vase", NegativePrompt = "dull", Seed = 11, StepCount = 6, GuidanceScale = 4, Width = 24, Height = 16,
        };
    }

    /// <summary>Writes updates of rank 2, spelled as diffusers spells them.</summary>
    private void Write(string file, params (string Layer, int Inputs, int Outputs)[] updates)
    {
        static TensorData Values(params long[] shape) => new(
            ElementKind.F32, shape,
            [.. Enumerable.Range(0, (int)(shape[0] * shape[1])).SelectMany(i => BitConverter.GetBytes(0.4f * MathF.Sin((i * 1.7f) + shape[0])))]);

        var tensors = new Dictionary<string, TensorData>();
        foreach (var (layer, inputs, outputs) in updates)
        {
            tensors[$"{layer}.lora.down.weight"] = Values(2, inputs);
            tensors[$"{layer}.lora.up.weight"] = Values(outputs, 2);
        }

        File.WriteAllBytes(Path.Combine(host.Models, file), SafeTensorsWriter.ToBytes(tensors, new Dictionary<string, string>()));
    }

    private async Task<EncodeTextResponse> EncodeAsync() =>
        await host.Client.EncodeTextAsync(new EncodeTextRequest { Model = "adapter-sd", Prompt = "a red vase" });

    private async Task<GeneratedImage> PaintAsync(GenerateImageRequest request)
    {
        using var call = host.Client.GenerateImage(request, deadline: DateTime.UtcNow.AddMinutes(1));
        var last = new GenerateImageResponse();
        while (await call.ResponseStream.MoveNext(default))
        {
            last = call.ResponseStream.Current;
        }

        return last.Result;
    }

    private async Task AssertIsAsync(GeneratedImage result, GenerateImageRequest request, params (string Name, float Weight)[] worn)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        void Merge(nn.Module network, string component)
        {
            foreach (var (name, weight) in worn)
            {
                var file = Path.Combine(host.Models, name == "adapter-folder" ? $"{name}/pytorch_lora_weights" : name) + ".safetensors";
                using var adapter = LoraAdapter.Load(file);
                adapter.Merge(network, component, weight);
            }
        }

        using var parts = new PublishedParts(ModelFolder.Open(Path.Combine(host.Models, request.Model)), request.Seed)
        {
            ChangeText = text => Merge(text, "text_encoder"),
        };
        Merge(parts.UNet, "unet");
        parts.AssertPainted(parts.Text.Paint(parts.Told(request)), await host.ReadArtifactAsync(result.ImageArtifactId));
    }
}
