using System.Numerics;

namespace Realiz3D.Mesh.Formats;

/// <summary>An indexed triangle mesh in glTF's frame: +Y up, metres, counter-clockwise seen from outside.</summary>
/// <param name="Positions">x, y, z per vertex, [3P].</param>
/// <param name="Indices">Three vertices per triangle, [3F].</param>
/// <param name="Uvs">u, v per vertex, v down (glTF), [2P]; null without texture coordinates.</param>
/// <param name="Normals">Unit normal per vertex, [3P]; null when not known.</param>
public sealed record TriangleMesh(float[] Positions, int[] Indices, float[]? Uvs = null, float[]? Normals = null)
{
    /// <summary>
    /// Unit tangent per vertex and the sign w of the bitangent cross(n, t) w (glTF), [4P]; null without. They belong to these
    /// texture coordinates and normals: <see cref="TangentFrames"/> makes them.
    /// </summary>
    public float[]? Tangents { get; init; }

    /// <summary>Number of vertices, P.</summary>
    public int VertexCount => Positions.Length / 3;

    /// <summary>Number of triangles, F.</summary>
    public int FaceCount => Indices.Length / 3;

    /// <summary>Checks lengths, index range and finiteness, as is due for a mesh from outside.</summary>
    /// <returns>Null for a sound mesh, otherwise one sentence on what is wrong.</returns>
    public string? Fault()
    {
        if (Positions.Length % 3 != 0 || Indices.Length % 3 != 0)
        {
            return $"{Positions.Length} coordinates and {Indices.Length} indices are not whole triples.";
        }

        if (Uvs is not null && Uvs.Length != 2 * VertexCount)
        {
            return $"{Uvs.Length} texture coordinates for {VertexCount} vertices.";
        }

        if (Normals is not null && Normals.Length != 3 * VertexCount)
        {
            return $"{Normals.Length} normal coordinates for {VertexCount} vertices.";
        }

        if (Tangents is not null && Tangents.Length != 4 * VertexCount)
        {
            return $"{Tangents.Length} tangent coordinates for {VertexCount} vertices.";
        }

        if (Array.Exists(Indices, index => index < 0 || index >= VertexCount))
        {
            return $"an index lies outside 0 to {VertexCount - 1}.";
        }

        return Array.TrueForAll(Positions, float.IsFinite) ? null : "a position is not finite.";
    }

    /// <summary>Vertex normals: the sum of the area-weighted normals of the faces around, normalised.</summary>
    /// <remarks>Vertices at the same place have the same normal, so that texture seams do not show.</remarks>
    /// <returns>Unit vectors, [3P]; +Y where no face with area touches a vertex.</returns>
    public float[] AreaWeightedNormals()
    {
        var first = MeshInspection.FirstAtSamePlace(this);
        var sums = new Vector3[VertexCount];
        for (var f = 0; f < Indices.Length; f += 3)
        {
            var a = Position(Indices[f]);
            var cross = Vector3.Cross(Position(Indices[f + 1]) - a, Position(Indices[f + 2]) - a);
            for (var corner = 0; corner < 3; corner++)
            {
                sums[first[Indices[f + corner]]] += cross;
            }
        }

        var normals = new float[Positions.Length];
        for (var vertex = 0; vertex < sums.Length; vertex++)
        {
            var sum = sums[first[vertex]];
            var scale = Math.Max(Math.Abs(sum.X), Math.Max(Math.Abs(sum.Y), Math.Abs(sum.Z))); // tiny faces must not vanish
            (scale > 0 ? Vector3.Normalize(sum / scale) : Vector3.UnitY).CopyTo(normals, 3 * vertex);
        }

        return normals;
    }

    /// <summary>Position of one vertex.</summary>
    /// <param name="vertex">Vertex, 0 to P-1.</param>
    /// <returns>Its coordinates.</returns>
    public Vector3 Position(int vertex) =>
        new(Positions[3 * vertex], Positions[(3 * vertex) + 1], Positions[(3 * vertex) + 2]);
}
