using System.Numerics;

namespace Realiz3D.Mesh.Formats;

/// <summary>An indexed triangle mesh in glTF's frame: +Y up, metres, counter-clockwise seen from outside.</summary>
/// <param name="Positions">x, y, z per vertex, [3P].</param>
/// <param name="Indices">Three vertices per triangle, [3F].</param>
/// <param name="Uvs">u, v per vertex, v down (glTF), [2P]; null without texture coordinates.</param>
/// <param name="Normals">Unit normal per vertex, [3P]; null when not known.</param>
public sealed record TriangleMesh(float[] Positions, int[] Indices, float[]? Uvs = null, float[]? Normals = null)
{
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

        if (Array.Exists(Indices, index => index < 0 || index >= VertexCount))
        {
            return $"an index lies outside 0 to {VertexCount - 1}.";
        }

        return Array.TrueForAll(Positions, float.IsFinite) ? null : "a position is not finite.";
    }

    /// <summary>Vertex normals: the sum of the area-weighted normals of the faces around, normalised.</summary>
    /// <returns>Unit vectors, [3P]; +Y where no face with area touches a vertex.</returns>
    public float[] AreaWeightedNormals()
    {
        var normals = new float[Positions.Length];
        for (var f = 0; f < Indices.Length; f += 3)
        {
            var (a, b, c) = (Position(Indices[f]), Position(Indices[f + 1]), Position(Indices[f + 2]));
            var cross = Vector3.Cross(b - a, c - a);
            for (var corner = 0; corner < 3; corner++)
            {
                var at = 3 * Indices[f + corner];
                normals[at] += cross.X;
                normals[at + 1] += cross.Y;
                normals[at + 2] += cross.Z;
            }
        }

        for (var i = 0; i < normals.Length; i += 3)
        {
            var length = Math.Sqrt(
                ((double)normals[i] * normals[i]) + ((double)normals[i + 1] * normals[i + 1])
                + ((double)normals[i + 2] * normals[i + 2]));
            var scale = length > 0 ? 1 / length : 0;
            normals[i] = (float)(normals[i] * scale);
            normals[i + 1] = length > 0 ? (float)(normals[i + 1] * scale) : 1;
            normals[i + 2] = (float)(normals[i + 2] * scale);
        }

        return normals;
    }

    /// <summary>Position of one vertex.</summary>
    /// <param name="vertex">Vertex, 0 to P-1.</param>
    /// <returns>Its coordinates.</returns>
    public Vector3 Position(int vertex) =>
        new(Positions[3 * vertex], Positions[(3 * vertex) + 1], Positions[(3 * vertex) + 2]);
}
