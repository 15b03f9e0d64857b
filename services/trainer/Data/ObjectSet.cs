using static TorchSharp.torch;

namespace Realiz3D.Mesh.Training;

/// <summary>The training data in memory.</summary>
internal sealed class ObjectSet : IDisposable
{
    private ObjectSet(Tensor views, long[] categories, string[][] captions) =>
        (Views, Categories, Captions) = (views, categories, captions);

    /// <summary>sRGB over mid gray, then alpha, as bytes, [N, 6, 4, 64, 64].</summary>
    public Tensor Views { get; }

    /// <summary>Category of each object.</summary>
    public IReadOnlyList<long> Categories { get; }

    /// <summary>Captions of each object.</summary>
    public IReadOnlyList<string[]> Captions { get; }

    /// <summary>Number of objects, N.</summary>
    public int Count => Captions.Count;

    /// <summary>Reads every shard of a folder, in the order of their names.</summary>
    /// <param name="folder">Folder with shards.</param>
    /// <returns>The data.</returns>
    public static ObjectSet Load(string folder)
    {
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.safetensors") : [];
        if (files.Length == 0)
        {
            throw new DirectoryNotFoundException($"{folder} holds no training data; run the command \"data\" first.");
        }

        Array.Sort(files, StringComparer.Ordinal);
        var shards = files.Select(ObjectShard.Load).ToArray();
        var parts = shards
            .Select(s => tensor(s.Views, [s.Count, ObjectShard.ViewCount, 4, ObjectShard.Size, ObjectShard.Size], uint8))
            .ToArray();
        var views = cat(parts, 0);
        foreach (var part in parts)
        {
            part.Dispose();
        }

        return new ObjectSet(
            views, [.. shards.SelectMany(s => s.Categories)], [.. shards.SelectMany(s => s.Captions)]);
    }

    /// <summary>Takes single views as the networks see them: each channel mapped from [0, 1] to [-1, 1].</summary>
    /// <param name="views">Index of each view, object times six plus view.</param>
    /// <returns>Floats, [count, 4, 64, 64]. The caller disposes them.</returns>
    public Tensor Take(long[] views)
    {
        using var scope = NewDisposeScope();
        var bytes = Views.flatten(0, 1).index_select(0, tensor(views));             // [count, 4, 64, 64]
        return (bytes.to(ScalarType.Float32) * (2 / 255.0) - 1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => Views.Dispose();
}
