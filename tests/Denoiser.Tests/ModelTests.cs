using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Denoising.Tests;

/// <summary>Models: listed, loaded, unloaded, and what is said about broken folders.</summary>
public sealed class ModelTests(DenoiserHost host) : IClassFixture<DenoiserHost>
{
    [Fact]
    public async Task Models_LoadAndUnload_ShowInTheList()
    {
        var listed = await host.Client.ListModelsAsync(new ListModelsRequest());
        Assert.Equal(["other", "realiz3d-mini"], listed.Models.Select(model => model.Name));
        Assert.Equal([false, true], listed.Models.Select(model => model.Loaded));
        Assert.Equal(2, listed.Models.Select(model => model.ModelHash).Distinct().Count());
        Assert.All(listed.Models, model => Assert.Equal(WeightBytes(model.Name), model.WeightBytes));

        Assert.True((await host.Client.LoadModelAsync(new LoadModelRequest { Model = "other" })).Model.Loaded);
        Assert.False((await host.Client.UnloadModelAsync(new UnloadModelRequest { Model = "other" })).Model.Loaded);

        // The next call that names it loads it again.
        var encoded = await host.Client.EncodeTextAsync(new EncodeTextRequest { Model = "other", Prompt = "a mug" });
        Assert.Equal(listed.Models[0].ModelHash, encoded.ModelHash);
    }

    [Fact]
    public void Licence_IsReadFromTheCard()
    {
        using var folder = new TemporaryDirectory();
        Assert.Equal("", ModelCard.Licence(folder.Path));
        File.WriteAllText(Path.Combine(folder.Path, "README.md"), "---\ntags: x\nlicense: apache-2.0\n---\nlicense: no\n");
        Assert.Equal("apache-2.0", ModelCard.Licence(folder.Path));
        File.WriteAllText(Path.Combine(folder.Path, "README.md"), "# Model\nlicense: no\n");
        Assert.Equal("", ModelCard.Licence(folder.Path));
    }

    [Theory]
    [InlineData("missing tensor", "proj_out.bias", "missing")]
    [InlineData("wrong shape", "proj_out.bias", "needs [32]")]
    [InlineData("truncated", "diffusion_pytorch_model.safetensors", "truncated")]
    [InlineData("not finite", "proj_out.bias", "not finite")]
    [InlineData("no weights", "transformer", "neither")]
    [InlineData("other text encoder", "tokens of 8", "takes 12")]
    public void BrokenFolder_StopsTheStart_WithOneSentence(string fault, string named, string said)
    {
        using var folder = new TemporaryDirectory();
        var model = Path.Combine(folder.Path, "realiz3d-mini");
        TinyModel.Write(model);
        Break(model, fault);

        var problem = Assert.Throws<DenoiserStartException>(
            () => DenoiserProgram.Build(DenoiserHost.Arguments(folder.Path, folder.Path)));

        Assert.Contains(named, problem.Message, StringComparison.Ordinal);
        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem.Message);
    }

    [Theory]
    [InlineData("missing tensor", false, "transformer/diffusion_pytorch_model.safetensors", "proj_out.bias")]
    [InlineData("truncated", false, "transformer/diffusion_pytorch_model.safetensors", "truncated")]
    [InlineData("unknown dtype", false, "transformer/diffusion_pytorch_model.safetensors", "X9")]
    [InlineData("huge header", false, "transformer/diffusion_pytorch_model.safetensors", "9223372036854775808")]
    [InlineData("path out", false, "transformer/diffusion_pytorch_model.safetensors.index.json", "../../outside.safetensors")]
    [InlineData("missing tensor", true, "unet/diffusion_pytorch_model.safetensors", "conv_out.bias")]
    [InlineData("wrong shape", true, "unet/diffusion_pytorch_model.safetensors", "conv_out.bias")]
    [InlineData("unknown dtype", true, "unet/diffusion_pytorch_model.safetensors", "X9")]
    [InlineData("impossible sampler", true, "scheduler/scheduler_config.json", "prediction_type")]
    public async Task BrokenFolder_NamedByACall_IsAFailedPrecondition_ThatNamesFileAndFault(
        string fault, bool published, string file, string said)
    {
        var model = Path.Combine(host.Models, "broken");
        try
        {
            if (published)
            {
                TinyPublished.WriteTextToImage(model, fault == "impossible sampler"
                    ? """{"_class_name": "PNDMScheduler", "prediction_type": "sample"}"""
                    : """{"_class_name": "PNDMScheduler", "skip_prk_steps": true}""");
            }
            else
            {
                TinyModel.Write(model);
            }

            Break(model, fault, published ? "unet" : "transformer", published ? "conv_out.bias" : "proj_out.bias");

            var refused = await Assert.ThrowsAsync<RpcException>(
                () => host.Client.LoadModelAsync(new LoadModelRequest { Model = "broken" }).ResponseAsync);

            Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
            Assert.Contains(file, refused.Status.Detail, StringComparison.Ordinal);
            Assert.Contains(said, refused.Status.Detail, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refused.Status.Detail);
        }
        finally
        {
            Directory.Delete(model, recursive: true);
        }
    }

    [Fact]
    public async Task List_TellsKindsAndDefaults_AndOneBrokenFolderHidesNoOther()
    {
        var broken = Path.Combine(host.Models, "no-network");
        TinyPublished.WriteTextToImage(Path.Combine(host.Models, "sd"), """{"_class_name": "DDIMScheduler"}""");
        TinyPublished.WriteZero123Plus(Path.Combine(host.Models, "zero"));
        Directory.CreateDirectory(broken);
        File.WriteAllText(Path.Combine(broken, "model_index.json"), """{"_class_name": "Empty"}""");
        try
        {
            var listed = (await host.Client.ListModelsAsync(new ListModelsRequest())).Models.ToDictionary(model => model.Name);

            Assert.Equal((ModelKind.ViewPainter, 25, 3f), Told(listed["realiz3d-mini"]));
            Assert.Equal((ModelKind.TextToImage, 50, 7.5f), Told(listed["sd"]));
            Assert.Equal((ModelKind.ImageToViews, 28, 4f), Told(listed["zero"]));
            Assert.Equal([Domain.Synthetic, Domain.Photo], listed["sd"].Domains);
            Assert.Equal(ModelKind.Unspecified, listed["no-network"].Kind);
            Assert.Contains("neither \"unet\" nor \"transformer\"", listed["no-network"].Problem, StringComparison.Ordinal);
            Assert.Equal(["no-network"], listed.Values.Where(model => model.Problem.Length > 0).Select(model => model.Name));
        }
        finally
        {
            foreach (var model in new[] { "sd", "zero", "no-network" })
            {
                Directory.Delete(Path.Combine(host.Models, model), recursive: true);
            }
        }

        static (ModelKind, int, float) Told(ModelInfo model) => (model.Kind, model.DefaultStepCount, model.DefaultGuidanceScale);
    }

    [Fact]
    public void Warnings_NameKeysAndComponentsThatAreIgnored()
    {
        using var folder = new TemporaryDirectory();
        TinyPublished.WriteTextToImage(folder.Path, """{"_class_name": "DDIMScheduler", "shine": 1}""");

        using var model = LoadedModel.Load("sd", folder.Path, TestDevice.Here);

        Assert.Equal(
            [
                "model_index.json: the component \"safety_checker\" is not used.",
                "scheduler/scheduler_config.json: the key \"shine\" is not known and was ignored.",
            ],
            model.Warnings);
    }

    [Fact]
    public async Task MissingModels_LeaveAServiceThatSaysSo()
    {
        using var folder = new TemporaryDirectory();
        var missing = Path.Combine(folder.Path, "models");
        await using var app = DenoiserProgram.Build(DenoiserHost.Arguments(missing, folder.Path));
        await app.StartAsync();
        using var channel = GrpcChannel.ForAddress(app.Urls.Single());
        var client = new DenoiserService.DenoiserServiceClient(channel);

        Assert.Empty((await client.ListModelsAsync(new ListModelsRequest())).Models);
        using var call = client.GenerateViews(DenoiserHost.Request());
        var refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
        Assert.Equal($"There is no model \"realiz3d-mini\" in {missing}.", refused.Status.Detail);
    }

    [Theory]
    [InlineData("--REALIZ3D_DEVICE=tpu", "auto, cpu, cuda")]
    [InlineData("--REALIZ3D_DEVICE=cuda:99", "cuda:99")]
    [InlineData("--REALIZ3D_QUEUE=0", "REALIZ3D_QUEUE")]
    [InlineData("--REALIZ3D_QUEUE_SECONDS=0", "REALIZ3D_QUEUE_SECONDS")]
    public void WrongSetting_StopsTheStart_WithOneSentence(string setting, string said)
    {
        using var folder = new TemporaryDirectory();

        var problem = Assert.Throws<DenoiserStartException>(
            () => DenoiserProgram.Build([.. DenoiserHost.Arguments(folder.Path, folder.Path), setting]));

        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
    }

    private static void Break(string model, string fault, string component = "transformer", string bias = "proj_out.bias")
    {
        var path = Path.Combine(model, component, "diffusion_pytorch_model.safetensors");
        switch (fault)
        {
            case "impossible sampler":
                return;
            case "unknown dtype":
                var header = $"{{\"{bias}\":{{\"dtype\":\"X9\",\"shape\":[1],\"data_offsets\":[0,4]}}}}";
                File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), 0, 0, 0, 0]);
                return;
            case "huge header":
                File.WriteAllBytes(path, [.. BitConverter.GetBytes(1UL << 63), .. new byte[100]]);
                return;
            case "path out":
                File.Delete(path);
                File.WriteAllText(path + ".index.json", $"{{\"weight_map\": {{\"{bias}\": \"../../outside.safetensors\"}}}}");
                return;
            case "truncated":
                File.WriteAllBytes(path, File.ReadAllBytes(path)[..^100]);
                return;
            case "no weights":
                File.Delete(path);
                return;
            case "other text encoder":
                var config = Path.Combine(model, "transformer", "config.json");
                File.WriteAllText(config, File.ReadAllText(config).Replace("\"caption_channels\": 8", "\"caption_channels\": 12", StringComparison.Ordinal));
                Rewrite(path, tensors => tensors["caption_projection.linear_1.weight"] = TensorData.From(new float[8 * 12], [8, 12]));
                return;
            case "missing tensor":
                Rewrite(path, tensors => tensors.Remove(bias));
                return;
            case "wrong shape":
                Rewrite(path, tensors => tensors[bias] = TensorData.From(new float[5], [5]));
                return;
            default:
                Rewrite(path, tensors => tensors["proj_out.bias"] = TensorData.From([.. new float[31], float.NaN], [32]));
                return;
        }
    }

    private static void Rewrite(string path, Action<Dictionary<string, TensorData>> change)
    {
        Dictionary<string, TensorData> tensors;
        using (var file = SafeTensorsFile.Open(path))
        {
            tensors = file.Tensors.ToDictionary(
                pair => pair.Key,
                pair => new TensorData(pair.Value.Kind, [.. pair.Value.Shape], file.ReadBytes(pair.Key)));
        }

        change(tensors);
        SafeTensorsWriter.Save(path, tensors);
    }

    private long WeightBytes(string model) =>
        Directory.GetFiles(Path.Combine(host.Models, model), "*.safetensors", SearchOption.AllDirectories)
            .Sum(file => new FileInfo(file).Length);
}
