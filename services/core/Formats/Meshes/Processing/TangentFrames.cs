namespace Realiz3D.Mesh.Formats;

/// <summary>Tangent frames by the rules of MikkTSpace.</summary>
/// <remarks>
/// Mikkelsen 2008, "Simulation of wrinkled surfaces revisited", section 2: each face's tangent is its gradient of u, projected into the plane of the
/// vertex's normal, normalised and weighted by the face's angle at the vertex; only faces of one handedness are averaged, over corners with the
/// same place, normal and texture coordinate. Signs are glTF's: v runs down in the file, the bitangent up in the picture.
/// </remarks>
public static class TangentFrames
{
    /// <summary>Computes tangents.</summary>
    /// <param name="mesh">A mesh with texture coordinates; without normals the area-weighted ones are used.</param>
    /// <returns>
    /// The mesh with normals and <see cref="TriangleMesh.Tangents"/>, which point to growing u and their bitangents to smaller v; a
    /// vertex is doubled where its faces see the texture from both sides.
    /// </returns>
    /// <exception cref="ArgumentException">The mesh has no texture coordinates.</exception>
    public static TriangleMesh Of(TriangleMesh mesh)
    {
        if (mesh.Uvs is null || mesh.Fault() is not null)
        {
            throw new ArgumentException($"Tangents need a sound mesh with texture coordinates: {mesh.Fault() ?? "it has none."}", nameof(mesh));
        }

        mesh = mesh with { Normals = mesh.Normals ?? mesh.AreaWeightedNormals() };
        var groups = new Dictionary<(Vector3d Place, Vector3d Normal, float U, float V, bool Mirrored), Vector3d>();
        var keys = new (Vector3d, Vector3d, float, float, bool)[mesh.Indices.Length];
        for (var face = 0; face < mesh.FaceCount; face++)
        {
            var (gradient, mirrored) = Gradient(mesh, face);
            for (var corner = 0; corner < 3; corner++)
            {
                var vertex = mesh.Indices[(3 * face) + corner];
                var normal = Vector3d.At(mesh.Normals, vertex).Unit();
                var key = (Vector3d.At(mesh.Positions, vertex), normal, mesh.Uvs[2 * vertex], mesh.Uvs[(2 * vertex) + 1], mirrored);
                var flat = (gradient - (normal * Vector3d.Dot(normal, gradient))).Unit();
                groups[key] = groups.GetValueOrDefault(key) + (flat * Angle(mesh, face, corner, normal));
                keys[(3 * face) + corner] = key;
            }
        }

        return Split(mesh, groups, keys);
    }

    private static TriangleMesh Split(
        TriangleMesh mesh,
        Dictionary<(Vector3d Place, Vector3d Normal, float U, float V, bool Mirrored), Vector3d> groups,
        (Vector3d Place, Vector3d Normal, float U, float V, bool Mirrored)[] keys)
    {
        var numbers = new Dictionary<(int Vertex, bool Mirrored), int>();
        var (sources, tangents, indices) = (new List<int>(), new List<float>(), new int[mesh.Indices.Length]);
        for (var corner = 0; corner < indices.Length; corner++)
        {
            var (vertex, key) = (mesh.Indices[corner], keys[corner]);
            if (!numbers.TryGetValue((vertex, key.Mirrored), out var number))
            {
                numbers[(vertex, key.Mirrored)] = number = sources.Count;
                sources.Add(vertex);
                var tangent = groups[key].Unit();
                tangent = tangent == Vector3d.Zero ? Across(key.Normal) : tangent; // where the texture gives no direction any will do
                tangents.AddRange([(float)tangent.X, (float)tangent.Y, (float)tangent.Z, key.Mirrored ? -1 : 1]);
            }

            indices[corner] = number;
        }

        float[] Take(float[] values, int width) => [.. sources.SelectMany(vertex => values[(width * vertex)..(width * (vertex + 1))])];
        return new TriangleMesh(Take(mesh.Positions, 3), indices, Take(mesh.Uvs!, 2), Take(mesh.Normals!, 3)) { Tangents = [.. tangents] };
    }

    /// <summary>The direction in which u grows on a face, and whether the texture is seen from behind.</summary>
    private static (Vector3d Gradient, bool Mirrored) Gradient(TriangleMesh mesh, int face)
    {
        var (a, b, c) = (mesh.Indices[3 * face], mesh.Indices[(3 * face) + 1], mesh.Indices[(3 * face) + 2]);
        var uvs = mesh.Uvs!;
        var (u1, v1) = ((double)uvs[2 * b] - uvs[2 * a], (double)uvs[(2 * a) + 1] - uvs[(2 * b) + 1]); // v upwards
        var (u2, v2) = ((double)uvs[2 * c] - uvs[2 * a], (double)uvs[(2 * a) + 1] - uvs[(2 * c) + 1]);
        var origin = Vector3d.At(mesh.Positions, a);
        var (side1, side2) = (Vector3d.At(mesh.Positions, b) - origin, Vector3d.At(mesh.Positions, c) - origin);
        var area = (u1 * v2) - (u2 * v1);
        return (((side1 * v2) - (side2 * v1)) * Math.Sign(area), area < 0);
    }

    /// <summary>The face's angle at a corner, seen along the normal.</summary>
    private static double Angle(TriangleMesh mesh, int face, int corner, Vector3d normal)
    {
        Vector3d Place(int k) => Vector3d.At(mesh.Positions, mesh.Indices[(3 * face) + ((corner + k) % 3)]);
        Vector3d Flat(Vector3d side) => (side - (normal * Vector3d.Dot(normal, side))).Unit();
        return Math.Acos(Math.Clamp(Vector3d.Dot(Flat(Place(1) - Place(0)), Flat(Place(2) - Place(0))), -1, 1));
    }

    private static Vector3d Across(Vector3d normal) =>
        Vector3d.Cross(Math.Abs(normal.X) < 0.5 ? new Vector3d(1, 0, 0) : new Vector3d(0, 1, 0), normal).Unit();
}
