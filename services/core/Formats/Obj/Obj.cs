namespace Realiz3D.Mesh.Formats;

/// <summary>Reads and writes Wavefront OBJ.</summary>
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

    /// <summary>Writes an asset: the OBJ, its MTL, and PNG files for base colour, roughness, metallic and normals.</summary>
    /// <param name="asset">The asset; what MTL has no statement for is left out.</param>
    /// <param name="name">What the files' names start with: letters, digits, - and _.</param>
    /// <returns>File names and contents, to be put into one folder. Numbers have all digits that a float needs.</returns>
    public static IReadOnlyDictionary<string, byte[]> Write(GlbAsset asset, string name) => ObjWriter.Write(asset, name);
}
