namespace Realiz3D.Mesh.Formats;

/// <summary>Reads Wavefront OBJ.</summary>
public static class Obj
{
    /// <summary>Reads vertices, texture coordinates, normals, faces and the names of materials.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="limits">What reading may cost; the defaults when null.</param>
    /// <returns>The model; material libraries are named, not opened.</returns>
    /// <exception cref="MalformedFileException">The file is broken, too large, or holds no face.</exception>
    public static ObjModel Read(ReadOnlySpan<byte> bytes, string name, MeshLimits? limits = null) =>
        new ObjReader(name, limits ?? new MeshLimits()).Read(bytes);
}
