using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Makes two charts agree along the edge that they have in common.</summary>
/// <remarks>
/// A place on a seam has two colours, one per chart, each mixed from texels of its own chart. Both are moved to their mean there, and the
/// move fades out over <see cref="Reach"/> texels into each chart (after Lempitsky and Ivanov 2007, "Seamless mosaicing of image-based
/// texture maps", section 4, but near the seam alone: inside a chart the views say what its colours are). A texel is shared by several
/// places of the seam, so that one round leaves a rest; <see cref="Rounds"/> of them are done. Seams lie along creases, and there two
/// colours of an object may meet: what differs too much to be one colour in misjudged light is left as it is.
/// </remarks>
internal sealed class SeamLevelling
{
    private const int Rounds = 3;
    private const float Reach = 3;          // texels
    private const float Spacing = 0.5f;     // texels between places along a seam
    private const float Full = 1.5f;        // texels from the seam that mix into its colour: bilinear
    private const float Same = 0.2f;        // of the brighter colour: up to there a difference is levelled whole
    private const float Border = 0.4f;      // from there on it is a border between two colours, and stays

    private readonly TriangleMesh _mesh;
    private readonly int[] _welded;
    private readonly int _size;
    private readonly int[] _pixels;
    private readonly int[] _texels;         // of each pixel, -1 where there is no surface
    private readonly int[] _charts;         // of each texel
    private readonly List<(Vector2 Place, int Chart, Vector2 Across)> _sides = [];

    /// <param name="mesh">The mesh, with texture coordinates.</param>
    /// <param name="texels">Its texels.</param>
    public SeamLevelling(TriangleMesh mesh, SurfaceTexels texels)
    {
        (_size, _pixels) = (texels.Size, texels.Pixels);
        _texels = new int[_size * _size];
        Array.Fill(_texels, -1);
        for (var texel = 0; texel < _pixels.Length; texel++)
        {
            _texels[_pixels[texel]] = texel;
        }

        _mesh = mesh;
        _welded = MeshInspection.Welded(mesh);
        var across = FaceAdjacency.Of(_welded);
        var charts = ChartsOf(across);
        _charts = Array.ConvertAll(texels.Faces, face => charts[face]);
        for (var corner = 0; corner < across.Length; corner++)
        {
            if (across[corner] >= 0 && IsSeam(corner, across[corner]))
            {
                AddSide(corner, across[corner], charts[corner / 3]);
            }
        }
    }

    /// <summary>Levels a texture.</summary>
    /// <param name="texture">[S, S], linear, coloured around charts too; changed in place, between 0 and 1.</param>
    /// <param name="dilate">Gives the texels around charts their colour; called after each round.</param>
    public void Level(Vector3[] texture, Action<Vector3[]> dilate)
    {
        for (var round = 0; round < Rounds && _sides.Count > 0; round++)
        {
            var moves = Moves(new AlbedoTexture(_size, texture, Coverage: 0));
            for (var texel = 0; texel < moves.Length; texel++)
            {
                texture[_pixels[texel]] = Vector3.Clamp(texture[_pixels[texel]] + moves[texel], Vector3.Zero, Vector3.One);
            }

            dilate(texture);
        }
    }

    // What each texel is moved by: the mean over the places near it, the nearest first of all, less the farther the nearest is.
    private Vector3[] Moves(AlbedoTexture texture)
    {
        var (sums, nearest) = (new Vector4[_pixels.Length], new float[_pixels.Length]);
        Array.Fill(nearest, float.PositiveInfinity);
        foreach (var (place, chart, other) in _sides)
        {
            var half = Half(texture.At(place), texture.At(other));
            var (x, y) = ((place.X * _size) - 0.5f, (place.Y * _size) - 0.5f);
            for (var row = Math.Max(0, (int)MathF.Ceiling(y - Reach)); row <= Math.Min(_size - 1, y + Reach); row++)
            {
                for (var column = Math.Max(0, (int)MathF.Ceiling(x - Reach)); column <= Math.Min(_size - 1, x + Reach); column++)
                {
                    var texel = _texels[(row * _size) + column];
                    if (texel >= 0 && _charts[texel] == chart)
                    {
                        var distance = Vector2.Distance(new Vector2(column, row), new Vector2(x, y));
                        var weight = 1 / MathF.Pow((distance * distance) + Spacing, 2);
                        sums[texel] += weight * new Vector4(half, 1);
                        nearest[texel] = Math.Min(nearest[texel], distance);
                    }
                }
            }
        }

        return [.. sums.Zip(nearest, (sum, distance) => sum.W > 0
            ? new Vector3(sum.X, sum.Y, sum.Z) / sum.W * Math.Clamp((Reach - distance) / (Reach - Full), 0, 1)
            : Vector3.Zero)];
    }

    // Half the way from one colour to the other; none where they are too different for the same colour in wrong light.
    private static Vector3 Half(Vector3 from, Vector3 to)
    {
        var (way, brighter) = (to - from, Math.Max(from.Length(), to.Length()));
        return brighter > 0 ? way / 2 * Math.Clamp((Border - (way.Length() / brighter)) / (Border - Same), 0, 1) : Vector3.Zero;
    }

    private void AddSide(int corner, int other, int chart)
    {
        var ((from, to), (otherFrom, otherTo)) = (Ends(corner, corner), Ends(other, corner));
        var places = (int)MathF.Ceiling(Math.Max(Vector2.Distance(from, to), Vector2.Distance(otherFrom, otherTo)) * _size / Spacing);
        for (var place = 0; place < places; place++)
        {
            var along = (place + 0.5f) / places;
            _sides.Add((Vector2.Lerp(from, to, along), chart, Vector2.Lerp(otherFrom, otherTo, along)));
        }
    }

    private bool IsSeam(int corner, int other) => Ends(corner, corner) != Ends(other, corner);

    // Texture coordinates of the ends of the edge opposite a corner, in the order in which the first triangle has them.
    private (Vector2 From, Vector2 To) Ends(int corner, int first)
    {
        Vector2 Uv(int at) => new(_mesh.Uvs.AsSpan(2 * _mesh.Indices[at], 2));
        var (from, to) = (Next(corner), Next(Next(corner)));
        return _welded[from] == _welded[Next(first)] ? (Uv(from), Uv(to)) : (Uv(to), Uv(from));
    }

    // Faces that hang together in the texture have the same number.
    private int[] ChartsOf(int[] across)
    {
        var charts = new int[across.Length / 3];
        Array.Fill(charts, -1);
        var open = new Stack<int>();
        for (var first = 0; first < charts.Length; first++)
        {
            open.Push(first);
            while (open.TryPop(out var face))
            {
                if (charts[face] >= 0)
                {
                    continue;
                }

                charts[face] = first;
                for (var corner = 3 * face; corner < (3 * face) + 3; corner++)
                {
                    if (across[corner] >= 0 && !IsSeam(corner, across[corner]))
                    {
                        open.Push(across[corner] / 3);
                    }
                }
            }
        }

        return charts;
    }

    private static int Next(int corner) => corner % 3 == 2 ? corner - 2 : corner + 1;
}
