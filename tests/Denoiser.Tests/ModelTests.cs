using Grpc.Core;
using Grpc.Net.Client;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Formats;

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

    [Fact]
    public async Task BrokenFolder_NamedByACall_IsAFailedPrecondition()
    {
        var model = Path.Combine(host.Models, "broken");
        TinyModel.Write(model);
        Break(model, "truncated");
        try
        {
            var refused = await Assert.ThrowsAsync<RpcException>(
                () => host.Client.LoadModelAsync(new LoadModelRequest { Model = "broken" }).ResponseAsync);

            Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
            Assert.Contains("truncated", refused.Status.Detail, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(model, recursive: true);
        }
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
    public void WrongSetting_StopsTheStart_WithOneSentence(string setting, string said)
    {
        using var folder = new TemporaryDirectory();

        var problem = Assert.Throws<DenoiserStartException>(
            () => DenoiserProgram.Build([.. DenoiserHost.Arguments(folder.Path, folder.Path), setting]));

        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
    }

    private static void Break(string model, string fault)
    {
        var path = Path.Combine(model, "transformer", "diffusion_pytorch_model.safetensors");
        switch (fault)
        {
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
                Rewrite(path, tensors => tensors.Remove("proj_out.bias"));
                return;
            case "wrong shape":
                Rewrite(path, tensors => tensors["proj_out.bias"] = TensorData.From(new float[5], [5]));
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
