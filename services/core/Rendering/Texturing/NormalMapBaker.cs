using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Writes the normals of a finer surface into a tangent-space normal map of a coarser one.</summary>
/// <remarks>
/// <code>c = (M^-1 n + 1) / 2,   M = (t, b, m),   b = cross(m, t) w</code>
/// with m and t the coarse surface's normal and tangent, interpolated between the vertices and made unit, as a viewer has them
/// (glTF 2.0, section 3.9.3: n = 2 c - 1, +Y up in the picture), and (t, w) by the rules of MikkTSpace (<see cref="TangentFrames"/>).
/// M^-1 and not its transpose: an interpolated tangent is not quite at right angles to its normal.
/// </remarks>
public static class NormalMapBaker
{
    private static readonly Vector3 s_flat = new(0.5f, 0.5f, 1);

    /// <summary>Bakes a normal map.</summary>
    /// <param name="mesh">The coarse mesh, with texture coordinates; its normals and tangents if it has them, else those of <see cref="TangentFrames"/>.</param>
    /// <param name="normals">Unit world normals of the finer surface beside places of the coarse one.</param>
    /// <param name="config">How.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>Encoded normals in [0, 1], [S, S].</returns>
    public static Vector3[] Bake(
        TriangleMesh mesh, Func<Vector3, Vector3, Vector3> normals, SurfaceBakeConfig config, CancellationToken cancel = default) =>
        Bake(mesh, (_, place, normal) => normals(place, normal), config, cancel);

    /// <summary>Bakes the normals that views have seen.</summary>
    /// <param name="mesh">The coarse mesh, as above.</param>
    /// <param name="seen">World normals n as (n + 1) / 2, baked from <see cref="NormalViews"/>; where no view saw the surface it keeps its own normal.</param>
    /// <param name="dilationTexels">Rings of values round each chart.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>Encoded normals in [0, 1], [S, S].</returns>
    public static Vector3[] Bake(TriangleMesh mesh, AlbedoTexture seen, int dilationTexels = 8, CancellationToken cancel = default) =>
        Bake(mesh, (pixel, _, normal) => seen.Unseen?[pixel] == true ? normal : (2 * seen.Linear[pixel]) - Vector3.One,
            new SurfaceBakeConfig(seen.Size, DilationTexels: dilationTexels), cancel);

    // The wanted normal by texel, place and own normal.
    private static Vector3[] Bake(
        TriangleMesh mesh, Func<int, Vector3, Vector3, Vector3> wanted, SurfaceBakeConfig config, CancellationToken cancel)
    {
        var framed = mesh.Tangents is null || mesh.Normals is null ? TangentFrames.Of(mesh) : mesh;
        var texels = new SurfaceTexels(framed, framed.Normals!, config.TextureSize * config.SamplesPerSide);
        var tangents = new Vector3[framed.VertexCount];
        for (var vertex = 0; vertex < tangents.Length; vertex++)
        {
            tangents[vertex] = new Vector3(framed.Tangents.AsSpan(4 * vertex, 3));
        }

        var values = new Vector3[texels.Pixels.Length];
        Parallel.For(0, values.Length, new ParallelOptions { CancellationToken = cancel }, i =>
        {
            var (at, weights, normal) = (3 * texels.Faces[i], texels.Weights[i], texels.Normals[i]);
            var corners = framed.Indices.AsSpan(at, 3);
            var tangent = (weights.X * tangents[corners[0]]) + (weights.Y * tangents[corners[1]]) + (weights.Z * tangents[corners[2]]);
            var sign = framed.Tangents![(4 * corners[0]) + 3]; // the same at all three: a frame never mixes the two
            values[i] = Encode(wanted(texels.Pixels[i], texels.Positions[i], normal), normal, tangent, sign);
        });

        return Array.ConvertAll(SurfaceBaker.Write(texels, values, config), Sharpened);
    }

    private static Vector3 Encode(Vector3 wanted, Vector3 normal, Vector3 tangent, float sign)
    {
        var bitangent = Vector3.Cross(normal, tangent) * sign;
        if (!(tangent.LengthSquared() > 0) || !(bitangent.LengthSquared() > 0))
        {
            return s_flat; // opposite tangents met in the middle: no viewer has a frame here
        }

        (tangent, bitangent) = (Vector3.Normalize(tangent), Vector3.Normalize(bitangent));

        // Cramer's rule; the bitangent is at right angles to both others.
        var lean = Vector3.Dot(tangent, normal);
        var (along, outwards) = (Vector3.Dot(wanted, tangent), Vector3.Dot(wanted, normal));
        var scale = 1 - (lean * lean);
        var local = new Vector3((along - (lean * outwards)) / scale, Vector3.Dot(wanted, bitangent), (outwards - (lean * along)) / scale);
        return local.LengthSquared() > 0 ? (Vector3.Normalize(local) + Vector3.One) / 2 : s_flat;
    }

    // Means of unit normals are shorter than 1.
    private static Vector3 Sharpened(Vector3 encoded)
    {
        var normal = (2 * encoded) - Vector3.One;
        return normal.LengthSquared() > 1e-6f ? (Vector3.Normalize(normal) + Vector3.One) / 2 : s_flat;
    }
}
