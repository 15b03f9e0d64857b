using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

public sealed class WeightsTests : IDisposable
{
    private const string Victim = "decoder.conv_in.weight";

    private readonly string _folder = Directory.CreateTempSubdirectory("weights").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(ElementKind.F32, 0)]
    [InlineData(ElementKind.F16, 5e-4)]
    [InlineData(ElementKind.BF16, 4e-3)]
    public void SaveAndLoad_GiveBackTheWeights(ElementKind kind, double relative)
    {
        using var saved = TinyModels.Autoencoder(seed: 1);
        using var loaded = TinyModels.Autoencoder(seed: 2);
        Weights.Save(saved, Path("model.safetensors"), kind);

        Weights.Load(loaded, _folder);

        using var scope = NewDisposeScope();
        foreach (var (name, tensor) in saved.state_dict())
        {
            AssertTensor.Close(tensor, loaded.state_dict()[name], relative, absolute: 1e-7, name);
        }

        using var file = SafeTensorsFile.Open(Path("model.safetensors"));
        Assert.All(file.Tensors.Values, entry => Assert.Equal(kind, entry.Kind));
        Assert.Equal("pt", file.Metadata["format"]);
    }

    [Fact]
    public void Shards_LoadLikeOneFile()
    {
        using var saved = TinyModels.Autoencoder(seed: 1);
        using var loaded = TinyModels.Autoencoder(seed: 2);
        WriteShards(Tensors(saved));

        Weights.Load(loaded, _folder);

        using var scope = NewDisposeScope();
        AssertTensor.Equal(saved.get_parameter(Victim)!, loaded.get_parameter(Victim)!, Victim);
        AssertTensor.Equal(saved.get_parameter("quant_conv.bias")!, loaded.get_parameter("quant_conv.bias")!, "quant_conv.bias");
    }

    [Fact]
    public void FullPrecision_IsPreferredToTheHalfVariant()
    {
        using var full = TinyModels.Autoencoder(seed: 1);
        using var half = TinyModels.Autoencoder(seed: 2);
        using var loaded = TinyModels.Autoencoder(seed: 3);
        Weights.Save(half, Path("diffusion_pytorch_model.fp16.safetensors"), ElementKind.F16);
        Weights.Load(loaded, _folder);
        AssertTensor.Close(half.get_parameter(Victim)!, loaded.get_parameter(Victim)!, 5e-4, 1e-7);

        Weights.Save(full, Path("diffusion_pytorch_model.safetensors"), ElementKind.F32);
        Weights.Load(loaded, _folder);
        AssertTensor.Equal(full.get_parameter(Victim)!, loaded.get_parameter(Victim)!);
    }

    [Theory]
    [InlineData("missing", "model.safetensors: tensor \"decoder.conv_in.weight\" is missing.")]
    [InlineData("unused", "model.safetensors: tensor \"extra.weight\" is not part of the model.")]
    [InlineData("shape", "model.safetensors: tensor \"decoder.conv_in.weight\" has shape [3, 16, 3, 3], the model needs [16, 3, 3, 3].")]
    [InlineData("nan", "model.safetensors: tensor \"decoder.conv_in.weight\" holds a value that is not finite.")]
    public void WrongTensor_IsRefusedInOneSentence(string fault, string message)
    {
        using var model = TinyModels.Autoencoder();
        var tensors = Tensors(model);
        var victim = tensors[Victim];
        switch (fault)
        {
            case "missing": tensors.Remove(Victim); break;
            case "unused": tensors.Add("extra.weight", victim); break;
            case "shape": tensors[Victim] = victim with { Shape = [3, 16, 3, 3] }; break;
            default: tensors[Victim] = TensorData.From([.. Enumerable.Repeat(float.NaN, 16 * 3 * 9)], [16, 3, 3, 3]); break;
        }

        SafeTensorsWriter.Save(Path("model.safetensors"), tensors);
        Assert.EndsWith(message, Refusal(model), StringComparison.Ordinal);
    }

    [Fact]
    public void ManyMissingTensors_NameTheFirstTwentyAndCountTheRest()
    {
        using var model = TinyModels.Autoencoder();
        SafeTensorsWriter.Save(Path("model.safetensors"), new Dictionary<string, TensorData>());

        var message = Refusal(model);

        Assert.Contains("tensors \"decoder.conv_in.bias\", ", message, StringComparison.Ordinal);
        Assert.EndsWith($" and {model.state_dict().Count - 20} more are missing.", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void TruncatedFile_IsRefused_NamingFileAndTensor(int bytesCut)
    {
        using var model = TinyModels.Autoencoder();
        Weights.Save(model, Path("model.safetensors"), ElementKind.F32);
        using (var file = File.OpenWrite(Path("model.safetensors")))
        {
            file.SetLength(file.Length - bytesCut);
        }

        Assert.Matches("model\\.safetensors: truncated: tensor \"[a-z_.0-9]+\" ends at byte", Refusal(model));
    }

    [Fact]
    public void EmptyFolder_IsRefused() =>
        Assert.Contains("neither a diffusion_pytorch_model.safetensors", Refusal(TinyModels.Autoencoder()), StringComparison.Ordinal);

    [Theory]
    [InlineData("lost", "the shard \"b.safetensors\" is missing.")]
    [InlineData("moved", "a.safetensors: tensor \"quant_conv.bias\" is missing.")]
    [InlineData("outside", "\"../b.safetensors\" is no safetensors file of this folder.")]
    public void BrokenShards_AreRefused(string fault, string message)
    {
        using var model = TinyModels.Autoencoder();
        WriteShards(Tensors(model));
        if (fault == "lost")
        {
            File.Delete(Path("b.safetensors"));
        }
        else
        {
            var index = Path("model.safetensors.index.json");
            var other = fault == "moved" ? "a.safetensors" : "../b.safetensors";
            File.WriteAllText(index, File.ReadAllText(index).Replace(
                "\"quant_conv.bias\": \"b.safetensors\"", $"\"quant_conv.bias\": \"{other}\"", StringComparison.Ordinal));
        }

        Assert.EndsWith(message, Refusal(model), StringComparison.Ordinal);
    }

    [Fact]
    public void DerivedBuffers_AreIgnored()
    {
        using var model = TinyModels.TextEncoder();
        var tensors = Tensors(model);
        tensors.Add("text_model.embeddings.position_ids", TensorData.From([0L, 1, 2], [1, 3]));
        SafeTensorsWriter.Save(Path("model.safetensors"), tensors);

        Weights.Load(model, _folder);
    }

    [Fact]
    public void Save_ValueBeyondHalf_IsRefused()
    {
        using var model = TinyModels.Autoencoder();
        nn.init.constant_(model.get_parameter("quant_conv.bias")!, 70000);
        var refused = Assert.Throws<ArgumentException>(() => Weights.Save(model, Path("model.safetensors"), ElementKind.F16));
        Assert.Contains("quant_conv.bias", refused.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, TensorData> Tensors(nn.Module module) => module.state_dict().ToDictionary(
        pair => pair.Key,
        pair => TensorData.From([.. AssertTensor.Values(pair.Value).Select(value => (float)value)], pair.Value.shape));

    private void WriteShards(Dictionary<string, TensorData> tensors)
    {
        bool First(string name) => name.StartsWith("decoder", StringComparison.Ordinal);
        SafeTensorsWriter.Save(Path("a.safetensors"), tensors.Where(t => First(t.Key)).ToDictionary());
        SafeTensorsWriter.Save(Path("b.safetensors"), tensors.Where(t => !First(t.Key)).ToDictionary());
        ConfigFile.Write(Path("model.safetensors.index.json"), new Dictionary<string, Dictionary<string, string>>
        {
            ["weight_map"] = tensors.Keys.ToDictionary(name => name, name => First(name) ? "a.safetensors" : "b.safetensors"),
        });
    }

    private string Refusal(nn.Module model) =>
        Assert.Throws<MalformedFileException>(() => Weights.Load(model, _folder)).Message;

    private string Path(string file) => System.IO.Path.Combine(_folder, file);
}
