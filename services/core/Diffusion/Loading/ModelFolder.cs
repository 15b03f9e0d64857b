using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Realiz3D.Mesh.Formats;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>A model as a folder in the published layout: model_index.json and one folder per component.</summary>
/// <remarks>
/// Layout: huggingface/diffusers, modeling_utils and pipeline_utils. Every fault of a folder is a
/// <see cref="MalformedFileException"/> that names the file and, for weights, the tensor.
/// </remarks>
public sealed class ModelFolder
{
    private const string IndexFile = "model_index.json";
    private const string ConfigName = "config.json";

    private readonly List<string> _warnings = [];

    private ModelFolder(
        string path, string className, IReadOnlyDictionary<string, string> components, IReadOnlyDictionary<string, JsonElement> settings) =>
        (FullPath, ClassName, Components, Settings) = (path, className, components, settings);

    /// <summary>Where the folder is.</summary>
    public string FullPath { get; }

    /// <summary>Class of the pipeline, <c>_class_name</c>.</summary>
    public string ClassName { get; }

    /// <summary>Class of each component by the name of its folder; absent components are left out.</summary>
    public IReadOnlyDictionary<string, string> Components { get; }

    /// <summary>What else the index says, such as <c>ramping_coefficients</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement> Settings { get; }

    /// <summary>What was ignored in the configurations read so far, a sentence each.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Opens a folder: reads its index, no weights yet.</summary>
    /// <param name="path">Folder.</param>
    /// <returns>The folder.</returns>
    public static ModelFolder Open(string path)
    {
        var file = Path.Combine(path, IndexFile);
        var index = ConfigFile.ReadJson<Dictionary<string, JsonElement>>(file);
        var (components, settings) = (new Dictionary<string, string>(), new Dictionary<string, JsonElement>());
        foreach (var (name, entry) in index)
        {
            // _class_name, _diffusers_version, numbers and lists of numbers are no components.
            if (entry.ValueKind != JsonValueKind.Array || entry.EnumerateArray().Any(part => part.ValueKind == JsonValueKind.Number))
            {
                settings.Add(name, entry);
                continue;
            }

            if (entry.GetArrayLength() != 2 || name != Path.GetFileName(name))
            {
                throw new MalformedFileException(file, $"the entry of \"{name}\" is not [library, class].");
            }

            if (entry[1].ValueKind == JsonValueKind.String)
            {
                components.Add(name, entry[1].GetString()!);
            }
        }

        var className = index.TryGetValue("_class_name", out var given) && given.ValueKind == JsonValueKind.String
            ? given.GetString()!
            : throw new MalformedFileException(file, "_class_name is missing.");
        return new ModelFolder(Path.GetFullPath(path), className, components, settings);
    }

    /// <summary>Writes the index of a folder.</summary>
    /// <param name="path">Folder.</param>
    /// <param name="className">Class of the pipeline.</param>
    /// <param name="components">Library and class of each component by the name of its folder.</param>
    public static void WriteIndex(
        string path, string className, IReadOnlyDictionary<string, (string Library, string Class)> components)
    {
        var index = new Dictionary<string, object> { ["_class_name"] = className, ["_diffusers_version"] = "0.23.1" };
        foreach (var (name, (library, type)) in components)
        {
            index.Add(name, new[] { library, type });
        }

        ConfigFile.Write(Path.Combine(path, IndexFile), index);
    }

    /// <summary>Writes a component: configuration and weights.</summary>
    /// <typeparam name="T">Type of the configuration.</typeparam>
    /// <param name="module">The component.</param>
    /// <param name="config">Its configuration.</param>
    /// <param name="folder">The component's folder; created.</param>
    /// <param name="kind">F32, F16 or BF16.</param>
    public static void Save<T>(Module module, T config, string folder, ElementKind kind = ElementKind.F32)
        where T : IComponentConfig
    {
        ConfigFile.Write(Path.Combine(folder, ConfigName), config);
        var stem = config is ClipTextConfig or ClipVisionConfig or ClipConfig ? "model" : "diffusion_pytorch_model";
        Weights.Save(module, Path.Combine(folder, $"{stem}.safetensors"), kind);
    }

    /// <summary>SHA-256 over all weight files: name, length and bytes of each, in the order of their names.</summary>
    /// <returns>64 hexadecimal digits.</returns>
    public string ComputeHash() => Hash(FullPath, Directory.EnumerateFiles(FullPath, "*.safetensors", SearchOption.AllDirectories));

    /// <summary>SHA-256 over the index and all that the components' folders say beside their weights: configurations, tokenizer files.</summary>
    /// <returns>64 hexadecimal digits.</returns>
    public string ComputeSettingsHash() => Hash(FullPath, Directory.EnumerateDirectories(FullPath)
        .SelectMany(component => Directory.EnumerateFiles(component, "*", SearchOption.AllDirectories))
        .Where(file => Path.GetExtension(file) is ".json" or ".txt")
        .Append(Path.Combine(FullPath, IndexFile)));

    /// <summary>SHA-256 over files: name, length and bytes of each, in the order of their names.</summary>
    /// <param name="root">Names begin below this folder.</param>
    /// <param name="paths">The files.</param>
    /// <returns>64 hexadecimal digits.</returns>
    public static string Hash(string root, IEnumerable<string> paths)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = paths
            .Select(file => (Name: Path.GetRelativePath(root, file).Replace('\\', '/'), File: file))
            .OrderBy(file => file.Name, StringComparer.Ordinal);
        var buffer = new byte[1 << 20];
        foreach (var (name, file) in files)
        {
            using var stream = File.OpenRead(file);
            hash.AppendData(Encoding.UTF8.GetBytes(name + "\0"));
            BinaryPrimitives.WriteInt64LittleEndian(buffer, stream.Length);
            hash.AppendData(buffer, 0, sizeof(long));
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                hash.AppendData(buffer, 0, read);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Loads the autoencoder.</summary>
    /// <param name="component">Name of its folder.</param>
    /// <returns>The module on the CPU, in evaluation mode. The caller disposes it.</returns>
    public AutoencoderKL LoadAutoencoder(string component = "vae") =>
        Load<AutoencoderKL, AutoencoderConfig>(component, config => new AutoencoderKL(config), "AutoencoderKL");

    /// <summary>Loads the U-Net.</summary>
    /// <param name="component">Name of its folder.</param>
    /// <returns>The module on the CPU, in evaluation mode. The caller disposes it.</returns>
    public UNet2DConditionModel LoadUNet(string component = "unet") =>
        Load<UNet2DConditionModel, UNetConfig>(
            component, config => new UNet2DConditionModel(config), "UNet2DConditionModel");

    /// <summary>Loads a ControlNet.</summary>
    /// <param name="component">Name of its folder.</param>
    /// <returns>The module on the CPU, in evaluation mode. The caller disposes it.</returns>
    public ControlNetModel LoadControlNet(string component = "controlnet") =>
        Load<ControlNetModel, ControlNetConfig>(component, config => new ControlNetModel(config), "ControlNetModel");

    /// <summary>Loads a ControlNet that is published alone: a folder with its configuration and weights.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The module on the CPU, in evaluation mode. The caller disposes it.</returns>
    public static ControlNetModel LoadControlNetAlone(string folder) =>
        Build(folder, ConfigFile.Read<ControlNetConfig>(Path.Combine(folder, ConfigName)), config => new ControlNetModel(config));

    /// <summary>Loads the diffusion transformer.</summary>
    /// <param name="component">Name of its folder.</param>
    /// <returns>The module on the CPU, in evaluation mode. The caller disposes it.</returns>
    public Transformer2DModel LoadTransformer(string component = "transformer") =>
        Load<Transformer2DModel, TransformerConfig>(
            component, config => new Transformer2DModel(config), "Transformer2DModel");

    /// <summary>Loads a text encoder without projection.</summary>
    /// <param name="component">Name of its folder.</param>
    /// <returns>The module on the CPU, in evaluation mode. The caller disposes it.</returns>
    public ClipTextModel LoadTextEncoder(string component = "text_encoder") =>
        Load<ClipTextModel, ClipTextConfig>(component, config => new ClipTextModel(config), "CLIPTextModel");

    /// <summary>Loads a text encoder with projection.</summary>
    /// <param name="component">Name of its folder.</param>
    /// <returns>The module on the CPU, in evaluation mode. The caller disposes it.</returns>
    public ClipTextModelWithProjection LoadTextEncoderWithProjection(string component = "text_encoder") =>
        Load<ClipTextModelWithProjection, ClipTextConfig>(
            component, config => new ClipTextModelWithProjection(config), "CLIPTextModelWithProjection");

    /// <summary>Loads an image encoder with projection.</summary>
    /// <param name="component">Name of its folder.</param>
    /// <returns>The module on the CPU, in evaluation mode. The caller disposes it.</returns>
    public ClipVisionModel LoadImageEncoder(string component = "image_encoder") =>
        Load<ClipVisionModel, ClipVisionConfig>(
            component, config => new ClipVisionModel(config), "CLIPVisionModelWithProjection");

    /// <summary>Reads the scheduler's settings.</summary>
    /// <param name="component">Name of its folder.</param>
    /// <returns>The settings.</returns>
    public SchedulerConfig ReadScheduler(string component = "scheduler")
    {
        var file = Path.Combine(Folder(component), "scheduler_config.json");
        var config = ConfigFile.Read<SchedulerConfig>(file);
        WarnOf(file, Schedulers.UnknownKeys(config));
        return config;
    }

    /// <summary>Reads the tokenizer.</summary>
    /// <param name="component">Name of its folder.</param>
    /// <returns>The tokenizer.</returns>
    public ClipTokenizer ReadTokenizer(string component = "tokenizer") => ClipTokenizer.Load(Folder(component));

    private TModule Load<TModule, TConfig>(string component, Func<TConfig, TModule> build, string className)
        where TModule : Module
        where TConfig : class, IComponentConfig
    {
        var folder = Folder(component);
        if (Components[component] != className)
        {
            throw new MalformedFileException(
                Path.Combine(FullPath, IndexFile),
                $"\"{component}\" is a {Components[component]}; a {className} was expected.");
        }

        return Build(folder, ReadConfig<TConfig>(Path.Combine(folder, ConfigName)), build);
    }

    private static TModule Build<TModule, TConfig>(string folder, TConfig config, Func<TConfig, TModule> build)
        where TModule : Module
    {
        var module = build(config);
        try
        {
            Weights.Load(module, folder);
            module.eval();
            return module;
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }

    /// <summary>Adds a sentence to the warnings.</summary>
    internal void Warn(string sentence) => _warnings.Add(sentence);

    private T ReadConfig<T>(string file) where T : class, IComponentConfig
    {
        var config = ConfigFile.Read<T>(file);
        using var json = ConfigFile.ReadJson<JsonDocument>(file);
        WarnOf(file, ConfigFile.UnknownKeys<T>(json.RootElement));
        return config;
    }

    private void WarnOf(string file, IEnumerable<string> unknownKeys) => _warnings.AddRange(unknownKeys.Select(key =>
        $"{Path.GetRelativePath(FullPath, file)}: the key \"{key}\" is not known and was ignored."));

    private string Folder(string component) => Components.ContainsKey(component)
        ? Path.Combine(FullPath, component)
        : throw new MalformedFileException(
            Path.Combine(FullPath, IndexFile), $"the component \"{component}\" is missing.");
}
