using Realiz3D.Mesh.Diffusion;

namespace Realiz3D.Mesh.Training.Tests;

/// <summary>All commands in a row, a step each: from nothing to a folder that loads.</summary>
public sealed class WholePathTests
{
    [Fact]
    public async Task Commands_FromNothing_MakeAModelFolder()
    {
        using var folder = new TemporaryDirectory();
        string At(string name) => Path.Combine(folder.Path, name);
        string[] tiny = ["--data", At("data"), "--steps", "1", "--batch", "2"];

        await RunAsync(Commands.Data(), ["--data", At("data"), "--objects", "20"]);
        await RunAsync(Commands.Text(), [.. tiny, "--out", At("text")]);
        await RunAsync(Commands.Autoencoder(), [.. tiny, "--out", At("vae")]);
        await RunAsync(Commands.Base(), [.. tiny, "--out", At("base"), "--text", At("text"), "--vae", At("vae")]);
        await RunAsync(Commands.Classifier(), [.. tiny, "--out", At("classifier"), "--export", At("judge")]);
        await RunAsync(Commands.Export(), ["--from", folder.Path, "--out", At("model")]);

        var model = ModelFolder.Open(At("model"));
        using var transformer = model.LoadTransformer();
        Assert.Equal((24, 16), (transformer.Config.SampleSize.Height, transformer.Config.SampleSize.Width));
        Assert.Equal(PredictionType.Sample, model.ReadScheduler().PredictionType);
        Assert.Single(model.ReadTokenizer().Words("vase").Single().Ids);
        Assert.True(new FileInfo(Path.Combine(At("judge"), "model.safetensors")).Length < 1_000_000);
        var bytes = Directory.GetFiles(At("model"), "*.safetensors", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);
        Assert.InRange(bytes, 8_000_000, 16 * 1024 * 1024);
    }

    private static async Task RunAsync(System.CommandLine.Command command, string[] arguments) =>
        Assert.Equal(0, await command.Parse(arguments).InvokeAsync());
}
