using System.Numerics;
using System.Text.Json.Nodes;

namespace Realiz3D.Mesh.Formats;

/// <summary>One mesh with one material: what a GLB of ours holds.</summary>
/// <param name="Mesh">Geometry in world coordinates; texture coordinates if it has textures.</param>
/// <param name="Material">How it looks.</param>
/// <param name="Extras">The members of <c>asset.extras</c>; null without.</param>
public sealed record GlbAsset(TriangleMesh Mesh, GlbMaterial Material, JsonObject? Extras = null);

/// <summary>What a GLB reader may spend.</summary>
/// <param name="MaxBytes">Largest file.</param>
/// <param name="MaxVertices">Most vertices over all instances.</param>
/// <param name="MaxFaces">Most triangles over all instances.</param>
/// <param name="MaxNodes">Most nodes, and most primitives that they place.</param>
/// <param name="MaxTexels">Most pixels of all images together.</param>
public sealed record GlbLimits(
    long MaxBytes = 256L << 20, int MaxVertices = 5_000_000, int MaxFaces = 5_000_000, int MaxNodes = 100_000, long MaxTexels = 256L << 20)
{
    /// <summary>What one image may cost.</summary>
    public ImageLimits Images { get; init; } = new();
}

/// <summary>Reads and writes binary glTF 2.0.</summary>
public static class Glb
{
    internal const uint Magic = 0x46546C67;
    internal const uint JsonChunk = 0x4E4F534A;
    internal const uint BinaryChunk = 0x004E4942;

    /// <summary>Writes an asset. Equal assets give equal bytes.</summary>
    /// <param name="asset">The asset.</param>
    /// <returns>The whole file.</returns>
    public static byte[] Write(GlbAsset asset) =>
        Write(new GlbScene([new GlbPart(asset.Mesh, Matrix4x4.Identity, 0)], [asset.Material], asset.Extras));

    /// <summary>Writes a scene, each part as a node of its own. Equal scenes give equal bytes.</summary>
    /// <remarks>The extras go to <c>asset.extras</c> for programs and, the same content, to KHR_xmp_json_ld for viewers.</remarks>
    /// <param name="scene">The scene.</param>
    /// <returns>The whole file.</returns>
    public static byte[] Write(GlbScene scene) => new GlbWriter(scene).Write();

    /// <summary>
    /// Reads triangles, texture coordinates, normals and the first material of an embedded, uncompressed GLB; the
    /// instances of all nodes are joined in world coordinates. Images come as PNG, whatever they were.
    /// </summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="limits">What reading may cost; the defaults when null.</param>
    /// <returns>The asset.</returns>
    /// <exception cref="MalformedFileException">The file is broken, too large, or uses what is not read.</exception>
    public static GlbAsset Read(ReadOnlyMemory<byte> bytes, string name, GlbLimits? limits = null) =>
        ReadScene(bytes, name, limits).Join();

    /// <summary>Reads the same, each primitive of each node apart with its world matrix, and all materials.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="limits">What reading may cost; the defaults when null.</param>
    /// <returns>The scene.</returns>
    /// <exception cref="MalformedFileException">The file is broken, too large, or uses what is not read.</exception>
    public static GlbScene ReadScene(ReadOnlyMemory<byte> bytes, string name, GlbLimits? limits = null) =>
        GlbReader.Read(bytes, name, limits ?? new GlbLimits());
}
