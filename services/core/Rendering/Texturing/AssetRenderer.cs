using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Shows a textured asset as the views show objects: albedo times <see cref="StudioLight"/>, nothing else.</summary>
/// <param name="mesh">The mesh, with texture coordinates and normals if it has them.</param>
/// <param name="texture">Base colour, linear RGB, [S, S]; null for white.</param>
public sealed class AssetRenderer(TriangleMesh mesh, AlbedoTexture? texture)
{
    private readonly float[] _normals = mesh.Normals ?? mesh.AreaWeightedNormals();

    /// <summary>Opens an asset.</summary>
    /// <param name="asset">The asset.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <returns>Its renderer.</returns>
    /// <exception cref="MalformedFileException">Its texture cannot be read.</exception>
    public static AssetRenderer Of(GlbAsset asset, string name)
    {
        var texture = asset.Material.BaseColorPng is { } png && asset.Mesh.Uvs is not null
            ? AlbedoTexture.Read(png, $"{name}, base colour", Srgb.FromByte)
            : null;
        return new AssetRenderer(asset.Mesh, texture);
    }

    /// <summary>Renders one view; alpha is the share of a pixel's samples, 4 x 4 up to 512 pixels a side, that hit the asset.</summary>
    /// <param name="camera">The camera.</param>
    /// <param name="size">Width and height in pixels, H = W.</param>
    /// <returns>Linear RGB with straight alpha, [4, H, W].</returns>
    public float[] Render(Camera camera, int size)
    {
        var buffer = FragmentBuffer.OfView(mesh, camera, size * SurfaceSamples.PerSide(size));
        return new SurfaceSamples(mesh, _normals, buffer, size).Show(texture);
    }
}
