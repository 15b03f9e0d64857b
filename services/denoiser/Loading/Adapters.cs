using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Denoising;

/// <summary>The LoRA adapters of a model: read by the first request that names them; a few sets that nobody wears are kept.</summary>
/// <param name="parts">The model.</param>
/// <param name="unet">Its network.</param>
/// <param name="text">Its text encoder.</param>
internal sealed class Adapters(ModelParts parts, AdaptedNetwork unet, AdaptedNetwork text) : IDisposable
{
    /// <summary>Name of the network in LoRA files.</summary>
    public const string Network = "unet";

    /// <summary>Name of the text encoder in LoRA files.</summary>
    public const string Text = "text_encoder";

    private const string PublishedFile = "pytorch_lora_weights.safetensors";
    private const int MaxAdapters = 8;
    private const int MaxWeight = 10;
    private const int Spare = 4;

    private readonly Shelf<AdapterSet> _shelf = new(Spare);

    /// <summary>Takes the adapters that a request names.</summary>
    /// <param name="wanted">At least one.</param>
    /// <returns>The set, and a use of it to dispose.</returns>
    /// <exception cref="InvalidDataException">A field is outside its limits.</exception>
    /// <exception cref="UnknownModelException">There is no adapter of a name.</exception>
    /// <exception cref="MalformedFileException">One cannot be read, or belongs to another model.</exception>
    public (AdapterSet Set, IDisposable Use) Take(IReadOnlyList<Adapter> wanted)
    {
        if (wanted.Count > MaxAdapters)
        {
            throw new InvalidDataException($"adapters must be at most {MaxAdapters}.");
        }

        if (wanted.Any(adapter => adapter.HasWeight && adapter.Weight is not (>= -MaxWeight and <= MaxWeight)))
        {
            throw new InvalidDataException($"adapters.weight must be {-MaxWeight} to {MaxWeight}.");
        }

        var files = wanted.Select(adapter => (Path: PathOf(adapter.Name), Weight: adapter.HasWeight ? adapter.Weight : 1)).ToArray();
        return _shelf.Take(string.Join('/', files.Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Path}:{file.Weight:R}"))), () => Load(files));
    }

    /// <inheritdoc/>
    public void Dispose() => _shelf.Dispose();

    // A name is that of one file or folder, never a way out of the model folder.
    private string PathOf(string name)
    {
        var models = Path.GetDirectoryName(parts.Folder.FullPath)!;
        string[] places = name.Length > 0 && name == Path.GetFileName(name) && name is not ("." or "..")
            ? [Path.Combine(models, name + ".safetensors"), Path.Combine(models, name, PublishedFile)]
            : [];
        return Array.Find(places, File.Exists) ?? throw new UnknownModelException($"There is no adapter \"{name}\" in {models}.");
    }

    private AdapterSet Load((string Path, float Weight)[] files)
    {
        var members = new List<(LoraAdapter Adapter, float Weight)>();
        var told = new StringBuilder();
        try
        {
            foreach (var (path, weight) in files)
            {
                var adapter = LoraAdapter.Load(path);
                members.Add((adapter, weight));
                if (adapter.Components.FirstOrDefault(component => component is not (Network or Text)) is { } other)
                {
                    throw new MalformedFileException(path, $"it updates the component \"{other}\", which model {parts.Name} does not have.");
                }

                unet.Check(adapter);
                text.Check(adapter);
                using var stream = File.OpenRead(path);
                told.Append(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(SHA256.HashData(stream))}:{weight:R} ");
            }

            return new AdapterSet(members, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(told.ToString()))));
        }
        catch
        {
            members.ForEach(member => member.Adapter.Dispose());
            throw;
        }
    }
}

/// <summary>The adapters of a job.</summary>
/// <param name="Set">The adapters.</param>
/// <param name="Use">Held while they are worn; null for none.</param>
internal sealed record AdapterUse(AdapterSet Set, IDisposable? Use) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Use?.Dispose();
}
