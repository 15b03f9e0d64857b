using System.Numerics;

namespace Realiz3D.Mesh.Formats;

/// <summary>A file format of meshes.</summary>
public enum MeshFormat
{
    /// <summary>Binary glTF 2.0.</summary>
    Glb,

    /// <summary>Wavefront OBJ.</summary>
    Obj,

    /// <summary>Stanford PLY.</summary>
    Ply,

    /// <summary>STL.</summary>
    Stl,

    /// <summary>USDZ, written only.</summary>
    Usdz,
}

/// <summary>What a mesh file of any format holds.</summary>
/// <param name="Format">Its format.</param>
/// <param name="Asset">The mesh; with its material where the format has one inside.</param>
/// <param name="Losses">What the file holds and nothing here reads, one sentence each.</param>
public sealed record MeshFileContent(MeshFormat Format, GlbAsset Asset, IReadOnlyList<string> Losses)
{
    /// <summary>What of several parts one mesh with one material does not hold, one sentence each; who reads the scene has it all.</summary>
    public IReadOnlyList<string> LossesOfJoining { get; init; } = [];
}

/// <summary>Reads a mesh whose format its first bytes tell, and writes one in any format.</summary>
public static class MeshFile
{
    private const int LookedAt = 1024; // bytes in which text has no zero

    /// <summary>Reads GLB, OBJ, PLY or STL.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="limits">What reading may cost; the defaults when null.</param>
    /// <returns>The content; the mesh is sound in the sense of <see cref="TriangleMesh.Fault"/> and has a face.</returns>
    /// <exception cref="MalformedFileException">The file is none of these, broken or too large.</exception>
    public static MeshFileContent Read(ReadOnlyMemory<byte> bytes, string name, MeshLimits? limits = null)
    {
        limits ??= new MeshLimits();
        var content = FormatOf(bytes.Span, name) switch
        {
            MeshFormat.Glb => OfGlb(bytes, name, limits),
            MeshFormat.Ply => OfPly(Ply.Read(bytes.Span, name, limits)),
            MeshFormat.Stl => new MeshFileContent(MeshFormat.Stl, Bare(Stl.Read(bytes.Span, name, limits)), []),
            _ => OfObj(Obj.Read(bytes.Span, name, limits)),
        };
        var mesh = content.Asset.Mesh;
        limits.CheckVertices(name, mesh.VertexCount);
        return mesh.FaceCount == 0 ? throw new MalformedFileException(name, "it holds no face.")
            : mesh.Fault() is { } fault ? throw new MalformedFileException(name, fault)
            : content;
    }

    /// <summary>Writes an asset; what the format has no place for is left out.</summary>
    /// <param name="asset">The asset.</param>
    /// <param name="format">The format.</param>
    /// <param name="name">What the files' names start with: letters, digits, - and _.</param>
    /// <returns>File names and contents, the mesh first: an OBJ comes with its MTL and pictures.</returns>
    public static IReadOnlyList<(string Name, byte[] Content)> Write(GlbAsset asset, MeshFormat format, string name) => format switch
    {
        MeshFormat.Glb => [($"{name}.glb", Glb.Write(asset))],
        MeshFormat.Ply => [($"{name}.ply", Ply.Write(asset.Mesh))],
        MeshFormat.Stl => [($"{name}.stl", Stl.Write(asset.Mesh))],
        MeshFormat.Usdz => [($"{name}.usdz", Usdz.Write(asset))],
        _ => [.. Obj.Write(asset, name)
            .OrderBy(file => file.Key != $"{name}.obj").ThenBy(file => file.Key, StringComparer.Ordinal)
            .Select(file => (file.Key, file.Value))],
    };

    private static MeshFormat FormatOf(ReadOnlySpan<byte> bytes, string name) =>
        bytes.StartsWith("glTF"u8) ? MeshFormat.Glb
        : bytes.StartsWith("ply\n"u8) || bytes.StartsWith("ply\r"u8) ? MeshFormat.Ply
        : Stl.IsStl(bytes) ? MeshFormat.Stl
        : bytes.StartsWith("PK"u8) ? throw new MalformedFileException(name, "USDZ and other archives are not read; give the mesh as GLB, OBJ, PLY or STL.")
        : bytes[..Math.Min(bytes.Length, LookedAt)].Contains((byte)0) ? throw new MalformedFileException(name, "the mesh is neither GLB nor OBJ nor PLY nor STL.")
        : bytes.TrimStart(" \t\r\n"u8).StartsWith("{"u8) ? throw new MalformedFileException(name, "glTF with its buffers apart is not read; give the mesh as GLB.")
        : MeshFormat.Obj;

    private static MeshFileContent OfGlb(ReadOnlyMemory<byte> bytes, string name, MeshLimits limits)
    {
        var scene = Glb.ReadScene(bytes, name, new GlbLimits(limits.MaxBytes, limits.MaxVertices, limits.MaxFaces));
        var used = scene.Parts.Select(part => part.Material).Where(material => material is not null).Distinct().Count();
        var losses = new List<string>();
        if (used > 1)
        {
            losses.Add($"Of {used} materials the first one is kept, for all faces.");
        }

        if (scene.Parts.Any(part => part.Mesh.Uvs is null) && scene.Parts.Any(part => part.Mesh.Uvs is not null))
        {
            losses.Add("Texture coordinates are lost, some parts having none.");
        }

        return new MeshFileContent(MeshFormat.Glb, scene.Join(), [.. scene.Unread.Select(unread => $"{unread} is not read.")]) { LossesOfJoining = losses };
    }

    private static MeshFileContent OfPly(PlyModel model) => new(
        MeshFormat.Ply,
        Bare(model.Mesh),
        model.VertexProperties.Count == 0 ? [] : [$"Vertex properties are lost: {string.Join(", ", model.VertexProperties.Keys.Order(StringComparer.Ordinal))}."]);

    private static MeshFileContent OfObj(ObjModel model) => new(
        MeshFormat.Obj,
        Bare(model.ToMesh()),
        model.MaterialLibraries.Count == 0 ? [] : [$"Materials lie in files of their own, which are not opened: {string.Join(", ", model.MaterialLibraries)}."]);

    // Light plaster, as MTL has it: what glTF says of a material without words is white metal, which nobody means by a file that has none.
    private static GlbAsset Bare(TriangleMesh mesh) => new(mesh, new GlbMaterial(MetallicFactor: 0) { BaseColorFactor = new Vector4(0.8f, 0.8f, 0.8f, 1) });
}
