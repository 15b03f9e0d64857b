namespace Realiz3D.Mesh.Formats;

/// <summary>Reads and writes PLY.</summary>
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

    /// <summary>Writes a mesh with its normals and texture coordinates, as float properties x y z, nx ny nz and s t (v upwards).</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="encoding">How numbers are written; text has all digits that a float needs.</param>
    /// <returns>The whole file.</returns>
    public static byte[] Write(TriangleMesh mesh, PlyEncoding encoding = PlyEncoding.BinaryLittleEndian) =>
        PlyWriter.Write(mesh, encoding);
}
