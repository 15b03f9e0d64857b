using System.Numerics;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;

namespace Realiz3D.Mesh.Benchmarks.Texturing;

/// <summary>How much colour changes over a fixed distance across the edges of triangles, where the object's own does not.</summary>
/// <remarks>
/// At three points of each edge between two triangles the texture is read at both places that lie <see cref="Distance"/> from the
/// edge, at right angles to it. Places that fall off their triangle, that no view saw or between which the object's own albedo changes
/// by one code value or more are left out. A step is the mean over R, G, B of the difference of sRGB code values.
/// Edges at creases are counted apart: there the object's exact normals at the corners of the two triangles differ by more than 20
/// degrees. A triangle that spans a crease has normals that the object has nowhere, so that its colour, freed of the light they
/// would get, has a step with and without a seam. What a seam alone does, creases or not, is seen at the edge itself: there both charts
/// have a colour for the same place.
/// </remarks>
/// <param name="Across">Mean step of edges whose triangles lie in different charts, in 1/255.</param>
/// <param name="Inside">Mean step of edges inside a chart.</param>
/// <param name="Places">Places looked at across seams.</param>
/// <param name="AcrossCreases">Mean step of edges at creases whose triangles lie in different charts.</param>
/// <param name="InsideCreases">Mean step of edges at creases inside a chart.</param>
/// <param name="AtEdge">Mean difference of the two charts' colours at the same places of their common edges, creases too.</param>
internal sealed record SeamSteps(double Across, double Inside, int Places, double AcrossCreases, double InsideCreases, double AtEdge)
{
    private const float Distance = 0.001f;  // metres; both together are about a pixel of a view
    private const double Smooth = 1;        // code values

    private static readonly float s_crease = MathF.Cos(20 * MathF.PI / 180);

    private readonly record struct Side(Vector3 Place, Vector2 Uv, Vector2 EdgeUv);

    private readonly record struct Pair(bool Seam, bool Crease, Side A, Side B);

    /// <summary>Measures a texture.</summary>
    /// <param name="unwrapped">The mesh, with the object's exact normals, and its charts.</param>
    /// <param name="texture">The texture.</param>
    /// <param name="truth">The object's own albedo at places.</param>
    public static SeamSteps Of(UnwrappedMesh unwrapped, AlbedoTexture texture, Func<Vector3[], Vector3[]> truth)
    {
        var seen = new AlbedoTexture(
            texture.Size, Array.ConvertAll(texture.Unseen!, unseen => unseen ? Vector3.Zero : Vector3.One), 1);
        var pairs = Pairs(unwrapped)
            .Where(pair => seen.At(pair.A.Uv).X > 0.999f && seen.At(pair.B.Uv).X > 0.999f)
            .ToArray();
        var (a, b) = (truth(Array.ConvertAll(pairs, pair => pair.A.Place)), truth(Array.ConvertAll(pairs, pair => pair.B.Place)));
        var steps = Enumerable.Range(0, pairs.Length)
            .Where(i => Step(a[i], b[i]) < Smooth)
            .ToLookup(i => (pairs[i].Seam, pairs[i].Crease), i => Step(texture.At(pairs[i].A.Uv), texture.At(pairs[i].B.Uv)));
        return new SeamSteps(
            steps[(true, false)].DefaultIfEmpty().Average(), steps[(false, false)].DefaultIfEmpty().Average(),
            steps[(true, false)].Count(), steps[(true, true)].DefaultIfEmpty().Average(), steps[(false, true)].DefaultIfEmpty().Average(),
            pairs.Where(pair => pair.Seam).Select(pair => Step(texture.At(pair.A.EdgeUv), texture.At(pair.B.EdgeUv))).DefaultIfEmpty().Average());
    }

    private static IEnumerable<Pair> Pairs(UnwrappedMesh unwrapped)
    {
        var mesh = unwrapped.Mesh;
        var welded = MeshInspection.Welded(mesh);
        var first = new Dictionary<(int, int), int>(); // directed edge -> its corner
        for (var corner = 0; corner < welded.Length; corner++)
        {
            first.TryAdd((welded[corner], welded[Next(corner)]), corner);
        }

        foreach (var ((from, to), corner) in first)
        {
            if (from > to || !first.TryGetValue((to, from), out var other))
            {
                continue;
            }

            var crease = IsCrease(mesh, corner, other);
            var seam = unwrapped.FaceCharts[corner / 3] != unwrapped.FaceCharts[other / 3];
            for (var quarter = 1; quarter < 4; quarter++)
            {
                if (Beside(mesh, corner, quarter / 4f) is { } a && Beside(mesh, other, 1 - (quarter / 4f)) is { } b)
                {
                    yield return new Pair(seam, crease, a, b);
                }
            }
        }
    }

    // The place beside an edge on its triangle; null when the triangle ends before.
    private static Side? Beside(TriangleMesh mesh, int corner, float along)
    {
        int[] vertices = [mesh.Indices[corner], mesh.Indices[Next(corner)], mesh.Indices[Next(Next(corner))]];
        var (a, b, c) = (mesh.Position(vertices[0]), mesh.Position(vertices[1]), mesh.Position(vertices[2]));
        var (side, height) = (b - a, c - a);
        var share = Vector3.Dot(height, side) / side.LengthSquared();
        var up = height - (share * side);
        var third = Distance / up.Length();
        var second = along - (third * share);
        if (!(third < 1) || second < 0 || second + third > 1)
        {
            return null;
        }

        Vector2 Uv(int k) => new(mesh.Uvs.AsSpan(2 * vertices[k], 2));
        return new Side(
            a + (second * side) + (third * height),
            ((1 - second - third) * Uv(0)) + (second * Uv(1)) + (third * Uv(2)),
            ((1 - along) * Uv(0)) + (along * Uv(1)));
    }

    private static bool IsCrease(TriangleMesh mesh, params int[] corners)
    {
        Vector3[] normals = [.. corners.SelectMany(corner => new[] { corner, Next(corner), Next(Next(corner)) })
            .Select(corner => new Vector3(mesh.Normals.AsSpan(3 * mesh.Indices[corner], 3)))];
        return normals.Any(normal => normals.Any(other => Vector3.Dot(normal, other) < s_crease));
    }

    private static int Next(int corner) => corner % 3 == 2 ? corner - 2 : corner + 1;

    private static double Step(Vector3 a, Vector3 b) => Enumerable.Range(0, 3)
        .Average(channel => 255 * Math.Abs(Srgb.FromLinear(a[channel]) - Srgb.FromLinear(b[channel])));
}
