using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>An asset ready to be lit: all parts of a GLB in world coordinates, with tangents where a normal map wants them.</summary>
public sealed class PbrAsset
{
    private PbrAsset(TriangleMesh mesh, int[] materialOfFace, IReadOnlyList<PbrMaterial> materials)
    {
        (Mesh, MaterialOfFace, Materials) = (mesh, materialOfFace, materials);
        HasAlpha = materials.Any(material => material.HasAlpha);
        Unread = [.. materials.SelectMany(material => material.Unread()).Distinct()];
        for (var vertex = 0; vertex < mesh.VertexCount; vertex++)
        {
            Reach = Math.Max(Reach, mesh.Position(vertex).Length());
        }
    }

    /// <summary>All triangles, with normals, texture coordinates and tangents; the last two are 0 where the asset has or needs none.</summary>
    public TriangleMesh Mesh { get; }

    /// <summary>What the asset has and is not rendered, such as "clearcoat".</summary>
    public IReadOnlyList<string> Unread { get; }

    /// <summary>Whether a normal map is worn somewhere.</summary>
    public bool HasNormalMap => Worn.Any(material => material.Normal is not null);

    /// <summary>The largest red, green or blue of the factors of own light that are worn; 0 where nothing glows.</summary>
    public float LargestEmission => Worn.Max(material =>
        Math.Max(material.EmissiveFactor.X, Math.Max(material.EmissiveFactor.Y, material.EmissiveFactor.Z)));

    /// <summary>Whether some surface may let through what lies behind it.</summary>
    internal bool HasAlpha { get; }

    /// <summary>Distance of the vertex that is farthest from the origin.</summary>
    public float Reach { get; }

    /// <summary>Index of each triangle's material, [F].</summary>
    internal int[] MaterialOfFace { get; }

    internal IReadOnlyList<PbrMaterial> Materials { get; }

    private IEnumerable<PbrMaterial> Worn => MaterialOfFace.Distinct().Select(material => Materials[material]);

    /// <summary>Prepares a scene.</summary>
    /// <param name="scene">What was read of a GLB.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="MalformedFileException">A texture cannot be read, or there is nothing to see.</exception>
    public static PbrAsset Of(GlbScene scene, string name)
    {
        ArgumentNullException.ThrowIfNull(scene);
        var materials = scene.Materials.Select((material, i) => new PbrMaterial(material, $"{name}, material {i}")).ToList();
        materials.Add(new PbrMaterial(new GlbMaterial(), name));    // for parts without one
        var (positions, normals, uvs, tangents) = (new List<float>(), new List<float>(), new List<float>(), new List<float>());
        var (indices, materialOfFace) = (new List<int>(), new List<int>());
        foreach (var part in scene.Parts)
        {
            var material = part.Material ?? (materials.Count - 1);
            var framed = Framed(part.InWorld(), materials[material].Normal is not null);
            var first = positions.Count / 3;
            positions.AddRange(framed.Positions);
            normals.AddRange(framed.Normals!);
            uvs.AddRange(framed.Uvs ?? new float[2 * framed.VertexCount]);
            tangents.AddRange(framed.Tangents ?? new float[4 * framed.VertexCount]);
            indices.AddRange(framed.Indices.Select(index => first + index));
            materialOfFace.AddRange(Enumerable.Repeat(material, framed.FaceCount));
        }

        return indices.Count > 0
            ? new PbrAsset(new TriangleMesh([.. positions], [.. indices], [.. uvs], [.. normals]) { Tangents = [.. tangents] }, [.. materialOfFace], materials)
            : throw new MalformedFileException(name, "it has no triangles.");
    }

    /// <summary>Which share of what lies behind it the surface covers, 0 to 1.</summary>
    internal float Coverage(in SurfaceHit hit)
    {
        var material = Materials[MaterialOfFace[hit.Face]];
        if (!material.HasAlpha)
        {
            return 1;
        }

        Span<double> weights = [hit.U, hit.V, 1 - hit.U - hit.V];
        var (u, v) = (0.0, 0.0);
        for (var corner = 0; corner < 3; corner++)
        {
            var vertex = Mesh.Indices[(3 * hit.Face) + corner];
            (u, v) = (u + (weights[corner] * Mesh.Uvs![2 * vertex]), v + (weights[corner] * Mesh.Uvs[(2 * vertex) + 1]));
        }

        return material.Coverage(u, v);
    }

    /// <summary>The unit normal of a triangle; 0 where it has no area.</summary>
    internal Vector3 FaceNormal(int face)
    {
        var corner = Mesh.Position(Mesh.Indices[3 * face]);
        var cross = Vector3.Cross(
            Mesh.Position(Mesh.Indices[(3 * face) + 1]) - corner, Mesh.Position(Mesh.Indices[(3 * face) + 2]) - corner);
        return cross == Vector3.Zero ? cross : Vector3.Normalize(cross);
    }

    // The file's own tangents before ours; none where no normal map wants them.
    private static TriangleMesh Framed(TriangleMesh mesh, bool hasNormalMap) => (hasNormalMap, mesh.Uvs, mesh.Tangents) switch
    {
        (true, not null, null) => TangentFrames.Of(mesh),
        (true, not null, not null) => mesh,
        _ => mesh with { Normals = mesh.Normals ?? mesh.AreaWeightedNormals(), Tangents = null },
    };
}
