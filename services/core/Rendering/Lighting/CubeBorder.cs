using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>A border one texel wide around each face of a cube map: what lies there on the neighbouring faces.</summary>
/// <remarks>
/// The cube is folded flat over each edge, so a border texel is the neighbour's texel in the same row or column. At the cube's corners three
/// faces meet and a fourth texel is missing; it is the mean of the three.
/// </remarks>
internal static class CubeBorder
{
    private static readonly ConcurrentDictionary<int, long[]> s_sources = new();

    /// <summary>Adds the border.</summary>
    /// <param name="texels">[6, R, R, C].</param>
    /// <returns>[6, R + 2, R + 2, C], with gradients.</returns>
    public static Tensor Add(Tensor texels)
    {
        using var scope = NewDisposeScope();
        var size = (int)texels.shape[1];
        var (last, channels) = (size + 1, texels.shape[3]);
        var index = tensor(s_sources.GetOrAdd(size, Sources), device: texels.device);
        var padded = texels.reshape(-1, channels).index_select(0, index).reshape(6, size + 2, size + 2, channels);
        foreach (var (row, column) in new[] { (0, 0), (0, last), (last, 0), (last, last) })
        {
            var (inRow, inColumn) = (Math.Clamp(row, 1, size), Math.Clamp(column, 1, size));
            var around = Cell(inRow, inColumn) + Cell(row, inColumn) + Cell(inRow, column);
            Cell(row, column).copy_(around / 3);
        }

        return padded.MoveToOuterDisposeScope();

        Tensor Cell(int row, int column) => padded.select(1, row).select(1, column);
    }

    // Number of the texel that each cell of the bordered faces takes, [6 * (R + 2)^2].
    private static long[] Sources(int size)
    {
        using var scope = NewDisposeScope();
        var cells = arange(-1, size + 1, dtype: ScalarType.Float64) + 0.5;
        var middles = cells * (2.0 / size) - 1;                                             // -1 to 1 over the face
        var side = size + 2;
        var x = middles.unsqueeze(0).expand(side, side);
        var y = middles.unsqueeze(1).expand(side, side);
        // How far a cell lies beyond an edge is how far the fold goes backwards. At corners either way will do.
        var depth = 2 - maximum(x.abs(), y.abs()).clamp_min(1);
        var place = (stack([x, y], -1).clamp(-1, 1) / depth.unsqueeze(-1) + 1) * 0.5;
        var face = arange(6).reshape(6, 1, 1).expand(6, side, side);
        var (onto, there) = CubeMap.Locate(CubeMap.Directions(face, place.unsqueeze(0).expand(6, side, side, 2)));
        var texel = (there * size).floor().to(ScalarType.Int64).clamp(0, size - 1);
        return ((onto * size + texel.select(-1, 1)) * size + texel.select(-1, 0)).flatten().data<long>().ToArray();
    }
}
