using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>The open safetensors files of one component, found by the names that published folders use.</summary>
internal sealed class WeightShards : IDisposable
{
    private static readonly string[] Stems = ["diffusion_pytorch_model", "model"];

    private WeightShards(IReadOnlyList<SafeTensorsFile> files) => Files = files;

    /// <summary>One file, or all shards.</summary>
    public IReadOnlyList<SafeTensorsFile> Files { get; }

    /// <summary>Opens a component's weights: one file or shards, full precision preferred to a half-precision variant.</summary>
    /// <param name="folder">The component's folder.</param>
    /// <returns>The open files; the caller disposes them.</returns>
    /// <exception cref="MalformedFileException">There are none, or one is missing or broken.</exception>
    public static WeightShards Open(string folder)
    {
        foreach (var variant in new[] { "", ".fp16" })
        {
            foreach (var stem in Stems)
            {
                var whole = Path.Combine(folder, $"{stem}{variant}.safetensors");
                if (File.Exists(whole))
                {
                    return new WeightShards([SafeTensorsFile.Open(whole)]);
                }

                var index = Path.Combine(folder, $"{stem}.safetensors.index{variant}.json");
                if (File.Exists(index))
                {
                    return OpenIndex(folder, index);
                }
            }
        }

        throw new MalformedFileException(
            folder, "there is neither a diffusion_pytorch_model.safetensors nor a model.safetensors.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in Files)
        {
            file.Dispose();
        }
    }

    private static WeightShards OpenIndex(string folder, string index)
    {
        var map = ConfigFile.ReadJson<ShardIndex>(index).WeightMap;
        var shards = new Dictionary<string, SafeTensorsFile>();
        try
        {
            foreach (var (tensor, name) in map)
            {
                if (!shards.TryGetValue(name, out var shard))
                {
                    shards.Add(name, shard = OpenShard(folder, index, name));
                }

                shard.Entry(tensor);
            }

            return new WeightShards([.. shards.Values]);
        }
        catch
        {
            new WeightShards([.. shards.Values]).Dispose();
            throw;
        }
    }

    private static SafeTensorsFile OpenShard(string folder, string index, string name)
    {
        if (name != Path.GetFileName(name) || !name.EndsWith(".safetensors", StringComparison.Ordinal))
        {
            throw new MalformedFileException(index, $"\"{name}\" is no safetensors file of this folder.");
        }

        var path = Path.Combine(folder, name);
        return File.Exists(path)
            ? SafeTensorsFile.Open(path)
            : throw new MalformedFileException(index, $"the shard \"{name}\" is missing.");
    }

    /// <summary>The index beside shards: which file holds which tensor.</summary>
    private sealed record ShardIndex(IReadOnlyDictionary<string, string> WeightMap);
}
