using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Training;

/// <summary>Puts the trained parts together as one model folder in half precision.</summary>
internal static class ModelExport
{
    private static readonly Dictionary<string, (string Library, string Class)> Components = new()
    {
        ["text_encoder"] = ("transformers", "CLIPTextModel"),
        ["image_encoder"] = ("transformers", "CLIPVisionModelWithProjection"),
        ["tokenizer"] = ("transformers", "CLIPTokenizer"),
        ["vae"] = ("diffusers", "AutoencoderKL"),
        ["transformer"] = ("diffusers", "Transformer2DModel"),
        ["scheduler"] = ("diffusers", "DDIMScheduler"),
        ["feature_extractor"] = ("transformers", "CLIPImageProcessor"),
    };

    /// <summary>Writes the folder and checks it by loading every part.</summary>
    /// <param name="runs">Folder with the runs text, vae and base.</param>
    /// <param name="target">The model folder; files of the same names are replaced, a README is left alone.</param>
    public static void Write(string runs, string target)
    {
        using var scope = NewDisposeScope();
        Copy<ClipTextModel, ClipTextConfig>(runs, "text", target, "text_encoder", c => new ClipTextModel(c));
        Copy<ClipVisionModel, ClipVisionConfig>(runs, "text", target, "image_encoder", c => new ClipVisionModel(c));
        Copy<AutoencoderKL, AutoencoderConfig>(runs, "vae", target, "vae", c => new AutoencoderKL(c));
        Copy<Transformer2DModel, TransformerConfig>(runs, "base", target, "transformer", c => new Transformer2DModel(c));
        CopyFiles(Path.Combine(runs, "text", "tokenizer"), Path.Combine(target, "tokenizer"));
        CopyFiles(Path.Combine(runs, "base", "scheduler"), Path.Combine(target, "scheduler"));

        // What the image tower takes: 64 pixels, [0, 1] mapped to [-1, 1].
        double[] half = [0.5, 0.5, 0.5];
        ConfigFile.Write(
            Path.Combine(target, "feature_extractor", "preprocessor_config.json"),
            new Dictionary<string, object>
            {
                ["image_processor_type"] = "CLIPImageProcessor",
                ["crop_size"] = ObjectShard.Size,
                ["size"] = new Dictionary<string, int> { ["shortest_edge"] = ObjectShard.Size },
                ["do_normalize"] = true,
                ["image_mean"] = half,
                ["image_std"] = half,
                ["resample"] = 3,
            });
        ModelFolder.WriteIndex(target, "Realiz3DMiniPipeline", Components);

        var folder = ModelFolder.Open(target);
        folder.LoadTextEncoder().Dispose();
        folder.LoadImageEncoder().Dispose();
        folder.LoadAutoencoder().Dispose();
        folder.LoadTransformer().Dispose();
        var bytes = Directory.EnumerateFiles(target, "*.safetensors", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);
        Console.WriteLine($"export: {target}, {bytes / 1048576.0:F1} MiB of weights, hash {folder.ComputeHash()}.");
    }

    private static void Copy<TModule, TConfig>(
        string runs, string run, string target, string component, Func<TConfig, TModule> build)
        where TModule : nn.Module
        where TConfig : class, IComponentConfig
    {
        var folder = Path.Combine(runs, run, component);
        var config = ConfigFile.Read<TConfig>(Path.Combine(folder, "config.json"));
        using var module = build(config);
        Weights.Load(module, folder);
        ModelFolder.Save(module, config, Path.Combine(target, component), ElementKind.F16);
    }

    private static void CopyFiles(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
    }
}
