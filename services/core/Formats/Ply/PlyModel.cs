namespace Realiz3D.Mesh.Formats;

/// <summary>What a PLY file holds.</summary>
/// <param name="Mesh">Geometry; normals and texture coordinates where the vertices have nx, ny, nz and s, t (or u, v).</param>
/// <param name="VertexProperties">All other properties of the vertices that are single numbers, such as red, by name, [P].</param>
public sealed record PlyModel(TriangleMesh Mesh, IReadOnlyDictionary<string, double[]> VertexProperties);

/// <summary>How the numbers of a PLY file are written.</summary>
public enum PlyEncoding
{
    /// <summary>As decimal text.</summary>
    Ascii,

    /// <summary>Binary, lowest byte first.</summary>
    BinaryLittleEndian,

    /// <summary>Binary, highest byte first.</summary>
    BinaryBigEndian,
}

/// <summary>A number type of PLY; char, short and float have the names int8, int16 and float32 as well, and so on.</summary>
internal enum PlyType
{
    Int8,
    UInt8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Float32,
    Float64,
}

/// <summary>A property of an element: one number, or a list with its length before it.</summary>
internal sealed record PlyProperty(string Name, PlyType Type, PlyType? Length)
{
    public static int Size(PlyType type) => type switch
    {
        PlyType.Int8 or PlyType.UInt8 => 1,
        PlyType.Int16 or PlyType.UInt16 => 2,
        PlyType.Float64 => 8,
        _ => 4,
    };

    /// <summary>Fewest bytes that a value takes in a binary file.</summary>
    public int FewestBytes => Size(Length ?? Type);
}

/// <summary>A table of a PLY file.</summary>
internal sealed record PlyElement(string Name, long Count, List<PlyProperty> Properties);
