namespace Realiz3D.Mesh.Formats;

/// <summary>Faces of an OBJ file that wear one material.</summary>
/// <param name="Material">Name after usemtl; empty before the first.</param>
/// <param name="FirstFace">First triangle.</param>
/// <param name="FaceCount">Triangles.</param>
public sealed record ObjGroup(string Material, int FirstFace, int FaceCount);

/// <summary>An OBJ file as it stands: positions, texture coordinates and normals are counted apart.</summary>
/// <param name="Positions">x, y, z, [3P].</param>
/// <param name="Uvs">u, v with v upwards, [2T].</param>
/// <param name="Normals">x, y, z, [3N].</param>
/// <param name="PositionIndices">Three positions per triangle, polygons taken apart round their first corner, [3F].</param>
/// <param name="UvIndices">Texture coordinates of the same corners, -1 where there are none, [3F].</param>
/// <param name="NormalIndices">Normals of the same corners, -1 where there are none, [3F].</param>
/// <param name="Groups">Materials in the order of the faces.</param>
/// <param name="MaterialLibraries">Names after mtllib. They are names, nothing is opened.</param>
public sealed record ObjModel(
    float[] Positions,
    float[] Uvs,
    float[] Normals,
    int[] PositionIndices,
    int[] UvIndices,
    int[] NormalIndices,
    IReadOnlyList<ObjGroup> Groups,
    IReadOnlyList<string> MaterialLibraries)
{
    /// <summary>The model with one index per corner: vertices are doubled where texture coordinates or normals part.</summary>
    /// <remarks>Texture coordinates and normals come along where every corner has them. v is turned down, as glTF has it.</remarks>
    /// <returns>The mesh, its faces in the model's order.</returns>
    public TriangleMesh ToMesh() =>
        Array.Exists(UvIndices, at => at < 0) && Array.Exists(NormalIndices, at => at < 0)
            ? new TriangleMesh(Positions, PositionIndices)
            : ByCorner();

    /// <summary>Some faces by themselves, without the vertices that they do not touch.</summary>
    /// <param name="groups">Groups of this model.</param>
    /// <returns>The mesh, its faces in the groups' order.</returns>
    public TriangleMesh Part(IEnumerable<ObjGroup> groups)
    {
        var ranges = groups.Select(group => (Start: 3 * group.FirstFace, End: 3 * (group.FirstFace + group.FaceCount))).ToArray();
        int[] Of(int[] indices) => [.. ranges.SelectMany(range => indices[range.Start..range.End])];
        var part = this with { PositionIndices = Of(PositionIndices), UvIndices = Of(UvIndices), NormalIndices = Of(NormalIndices) };
        return part.ByCorner();
    }

    private TriangleMesh ByCorner()
    {
        var (textured, smooth) = (Array.TrueForAll(UvIndices, at => at >= 0), Array.TrueForAll(NormalIndices, at => at >= 0));
        var vertices = new Dictionary<(int, int, int), int>();
        var (positions, uvs, normals) = (new List<float>(), new List<float>(), new List<float>());
        var indices = new int[PositionIndices.Length];
        for (var corner = 0; corner < indices.Length; corner++)
        {
            var key = (PositionIndices[corner], textured ? UvIndices[corner] : -1, smooth ? NormalIndices[corner] : -1);
            if (!vertices.TryGetValue(key, out var vertex))
            {
                vertices[key] = vertex = vertices.Count;
                positions.AddRange(Positions.AsSpan(3 * key.Item1, 3));
                if (textured)
                {
                    uvs.AddRange([Uvs[2 * key.Item2], 1 - Uvs[(2 * key.Item2) + 1]]);
                }

                if (smooth)
                {
                    normals.AddRange(Normals.AsSpan(3 * key.Item3, 3));
                }
            }

            indices[corner] = vertex;
        }

        return new TriangleMesh([.. positions], indices, textured ? [.. uvs] : null, smooth ? [.. normals] : null);
    }
}
