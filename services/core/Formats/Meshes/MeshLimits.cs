namespace Realiz3D.Mesh.Formats;

/// <summary>What a reader of OBJ, PLY or STL may spend.</summary>
/// <param name="MaxBytes">Largest file.</param>
/// <param name="MaxVertices">Most vertices.</param>
/// <param name="MaxFaces">Most triangles, polygons taken apart.</param>
public sealed record MeshLimits(long MaxBytes = 256L << 20, int MaxVertices = 5_000_000, int MaxFaces = 5_000_000)
{
    internal void CheckBytes(string file, long bytes)
    {
        if (bytes > MaxBytes)
        {
            throw new MalformedFileException(file, $"{bytes} bytes; at most {MaxBytes} are read.");
        }
    }

    internal void CheckVertices(string file, long count)
    {
        if (count < 0 || count > MaxVertices)
        {
            throw new MalformedFileException(file, $"{count} vertices; 0 to {MaxVertices} are read.");
        }
    }

    internal void CheckFaces(string file, long count)
    {
        if (count < 0 || count > MaxFaces)
        {
            throw new MalformedFileException(file, $"{count} triangles; at most {MaxFaces} are read.");
        }
    }
}
