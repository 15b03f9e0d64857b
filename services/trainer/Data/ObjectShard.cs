using System.Text.Json;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Training;

/// <summary>Some objects of the training data: six views each, captions and labels, in one safetensors file.</summary>
/// <param name="Views">sRGB over mid gray, then alpha, as bytes, [N, 6, 4, 64, 64].</param>
/// <param name="Seeds">Seed of each object.</param>
/// <param name="Categories">Category of each object, as Scenes numbers them.</param>
/// <param name="Captions">Several captions of each object.</param>
internal sealed record ObjectShard(byte[] Views, long[] Seeds, long[] Categories, string[][] Captions)
{
    /// <summary>Views of an object.</summary>
    public const int ViewCount = 6;

    /// <summary>Height and width of a view, pixels.</summary>
    public const int Size = 64;

    /// <summary>Bytes of an object's views.</summary>
    public const int ObjectBytes = ViewCount * 4 * Size * Size;

    /// <summary>Number of objects, N.</summary>
    public int Count => Seeds.Length;

    /// <summary>Writes the shard; a file of this name appears only when it is whole.</summary>
    /// <param name="path">Where to.</param>
    public void Save(string path) => SafeTensorsWriter.Save(
        path,
        new Dictionary<string, TensorData>
        {
            ["views"] = new(ElementKind.U8, [Count, ViewCount, 4, Size, Size], Views),
            ["seeds"] = TensorData.From(Seeds, [Count]),
            ["categories"] = TensorData.From(Categories, [Count]),
        },
        new Dictionary<string, string> { ["captions"] = JsonSerializer.Serialize(Captions) });

    /// <summary>Reads a shard.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The shard.</returns>
    public static ObjectShard Load(string path)
    {
        using var file = SafeTensorsFile.Open(path);
        var captions = JsonSerializer.Deserialize<string[][]>(file.Metadata["captions"])
            ?? throw new MalformedFileException(path, "the captions are missing.");
        return new ObjectShard(file.ReadBytes("views"), file.ReadLongs("seeds"), file.ReadLongs("categories"), captions);
    }
}
