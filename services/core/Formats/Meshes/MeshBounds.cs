namespace Realiz3D.Mesh.Formats;

/// <summary>The box round a mesh's faces, and the sphere about its middle.</summary>
/// <param name="CenterX">x of the box's middle.</param>
/// <param name="CenterY">y of the box's middle.</param>
/// <param name="CenterZ">z of the box's middle.</param>
/// <param name="LongestSide">Longest side of the box.</param>
/// <param name="Radius">Distance of the farthest vertex from the middle.</param>
public sealed record MeshBounds(double CenterX, double CenterY, double CenterZ, double LongestSide, double Radius)
{
    /// <summary>Measures a mesh; vertices that no face has do not count.</summary>
    /// <param name="mesh">The mesh, with at least one face.</param>
    /// <returns>The bounds.</returns>
    public static MeshBounds Of(TriangleMesh mesh)
    {
        var (low, high) = (Vector3d.At(mesh.Positions, mesh.Indices[0]), Vector3d.At(mesh.Positions, mesh.Indices[0]));
        foreach (var vertex in mesh.Indices)
        {
            var place = Vector3d.At(mesh.Positions, vertex);
            (low, high) = (Vector3d.Min(low, place), Vector3d.Max(high, place));
        }

        var (center, size) = ((low + high) / 2, high - low);
        var squared = 0.0;
        foreach (var vertex in mesh.Indices)
        {
            squared = Math.Max(squared, (Vector3d.At(mesh.Positions, vertex) - center).LengthSquared);
        }

        return new MeshBounds(center.X, center.Y, center.Z, Math.Max(size.X, Math.Max(size.Y, size.Z)), Math.Sqrt(squared));
    }

    /// <summary>Moves the box's middle to the origin and scales: (p - centre) scale.</summary>
    /// <param name="mesh">The mesh that was measured.</param>
    /// <param name="scale">Above 0.</param>
    /// <returns>A new mesh; normals and texture coordinates stay as they are.</returns>
    public TriangleMesh Place(TriangleMesh mesh, double scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        var (center, positions) = (new Vector3d(CenterX, CenterY, CenterZ), new float[mesh.Positions.Length]);
        for (var vertex = 0; vertex < mesh.VertexCount; vertex++)
        {
            ((Vector3d.At(mesh.Positions, vertex) - center) * scale).Store(positions, vertex);
        }

        return mesh with { Positions = positions };
    }
}
