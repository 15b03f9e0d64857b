using static TorchSharp.torch;

namespace Realiz3D.Mesh.Training;

/// <summary>A picture of some of the data, to look at before training on it.</summary>
internal static class DataSheet
{
    /// <summary>Two objects in a row, six views each; below each row the alpha of the same views.</summary>
    /// <param name="data">The data.</param>
    /// <param name="objects">How many of the first objects.</param>
    /// <param name="path">Receives the PNG.</param>
    public static void Write(ObjectSet data, int objects, string path)
    {
        using var scope = NewDisposeScope();
        var rows = new List<Tensor>();
        foreach (var pair in Enumerable.Range(0, Math.Min(objects, data.Count)).Chunk(2).Where(pair => pair.Length == 2))
        {
            var views = data.Take([.. Enumerable.Range(pair[0] * ObjectShard.ViewCount, 2 * ObjectShard.ViewCount).Select(v => (long)v)]);
            rows.Add(views.narrow(1, 0, 3));
            rows.Add(views.narrow(1, 3, 1).expand(-1, 3, -1, -1));
        }

        File.WriteAllBytes(path, Picture.Sheet((cat(rows, 0) + 1) * 0.5, 12).ToPng());
    }
}
