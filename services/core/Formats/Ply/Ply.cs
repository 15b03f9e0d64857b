namespace Realiz3D.Mesh.Formats;

/// <summary>Reads PLY.</summary>
public static class Ply
{
    /// <summary>Reads vertices and faces of an ASCII or binary file.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="limits">What reading may cost; the defaults when null.</param>
    /// <returns>The model.</returns>
    /// <exception cref="MalformedFileException">The file is broken, truncated, too large, or holds no face.</exception>
    public static PlyModel Read(ReadOnlySpan<byte> bytes, string name, MeshLimits? limits = null) =>
        new PlyReader(name, limits ?? new MeshLimits()).Read(bytes);
}
