using System.Numerics;
using System.Text.Json.Nodes;

namespace Realiz3D.Mesh.Formats;

/// <summary>One primitive of a mesh, placed by a node.</summary>
/// <param name="Mesh">Geometry in the node's coordinates.</param>
/// <param name="World">To world coordinates, for row vectors as System.Numerics has them: glTF's matrix, transposed.</param>
/// <param name="Material">Index of its material; null without.</param>
public sealed record GlbPart(TriangleMesh Mesh, Matrix4x4 World, int? Material)
{
    /// <summary>The geometry in world coordinates; a mirroring matrix turns the faces over, so that they still look outwards.</summary>
    /// <returns>A new mesh; without normals if the matrix has no inverse.</returns>
    public TriangleMesh InWorld()
    {
        var positions = Map(Mesh.Positions, point => Vector3.Transform(point, World));
        float[]? normals = null;
        if (Mesh.Normals is not null && Matrix4x4.Invert(World, out var inverse))
        {
            var turn = Matrix4x4.Transpose(inverse);
            normals = Map(Mesh.Normals, normal => Vector3.Normalize(Vector3.TransformNormal(normal, turn)));
        }

        var (indices, mirrors) = (Mesh.Indices, World.GetDeterminant() < 0);
        if (mirrors)
        {
            indices = [.. Enumerable.Range(0, indices.Length).Select(i => Mesh.Indices[i - (i % 3) + (2 - (i % 3))])];
        }

        return new TriangleMesh(positions, indices, Mesh.Uvs, normals) { Tangents = normals is null ? null : TangentsInWorld(mirrors ? -1 : 1) };
    }

    private float[]? TangentsInWorld(float handedness)
    {
        if (Mesh.Tangents is not { } tangents)
        {
            return null;
        }

        var turned = new float[tangents.Length];
        for (var i = 0; i < tangents.Length; i += 4)
        {
            Vector3.Normalize(Vector3.TransformNormal(new Vector3(tangents[i], tangents[i + 1], tangents[i + 2]), World)).CopyTo(turned, i);
            turned[i + 3] = handedness * tangents[i + 3];
        }

        return turned;
    }

    private static float[] Map(float[] source, Func<Vector3, Vector3> map)
    {
        var mapped = new float[source.Length];
        for (var i = 0; i < source.Length; i += 3)
        {
            map(new Vector3(source[i], source[i + 1], source[i + 2])).CopyTo(mapped, i);
        }

        return mapped;
    }
}

/// <summary>All that is read of a GLB.</summary>
/// <param name="Parts">Primitives of all nodes, at least one.</param>
/// <param name="Materials">Materials by index.</param>
/// <param name="Extras">The members of <c>asset.extras</c>; null without.</param>
public sealed record GlbScene(IReadOnlyList<GlbPart> Parts, IReadOnlyList<GlbMaterial> Materials, JsonObject? Extras)
{
    /// <summary>What the file uses and is not read: names of extensions and attributes, and what was left out or simplified.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    /// <summary>All parts as one mesh in world coordinates, with the first material that a part names.</summary>
    /// <remarks>Texture coordinates, normals and tangents come along where every part has them.</remarks>
    /// <returns>The asset.</returns>
    public GlbAsset Join()
    {
        var meshes = Parts.Select(part => part.InWorld()).ToArray();
        var indices = new List<int>();
        var start = 0;
        foreach (var mesh in meshes)
        {
            indices.AddRange(mesh.Indices.Select(index => start + index));
            start += mesh.VertexCount;
        }

        var joined = new TriangleMesh(
            [.. meshes.SelectMany(mesh => mesh.Positions)],
            [.. indices],
            Array.TrueForAll(meshes, mesh => mesh.Uvs is not null) ? [.. meshes.SelectMany(mesh => mesh.Uvs!)] : null,
            Array.TrueForAll(meshes, mesh => mesh.Normals is not null) ? [.. meshes.SelectMany(mesh => mesh.Normals!)] : null)
        {
            Tangents = Array.TrueForAll(meshes, mesh => mesh.Tangents is not null) ? [.. meshes.SelectMany(mesh => mesh.Tangents!)] : null,
        };
        var material = Parts.Select(part => part.Material).FirstOrDefault(index => index is not null);
        return new GlbAsset(joined, material is { } index ? Materials[index] : new GlbMaterial(), Extras);
    }
}
