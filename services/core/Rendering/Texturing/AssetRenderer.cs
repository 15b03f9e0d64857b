using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Shows a textured asset as the views show objects: albedo times <see cref="StudioLight"/>, nothing else.</summary>
/// <param name="mesh">The mesh, with texture coordinates and normals if it has them.</param>
/// <param name="texture">Base colour, linear RGB, [S, S]; null for white.</param>
public sealed class AssetRenderer(TriangleMesh mesh, AlbedoTexture? texture)
{
    private const int SamplesPerSide = 4;

    private readonly float[] _normals = mesh.Normals ?? mesh.AreaWeightedNormals();

    /// <summary>Opens an asset.</summary>
    /// <param name="asset">The asset.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <returns>Its renderer.</returns>
    /// <exception cref="MalformedFileException">Its texture cannot be read.</exception>
    public static AssetRenderer Of(GlbAsset asset, string name)
    {
        if (asset.Material.BaseColorPng is not { } png || asset.Mesh.Uvs is null)
        {
            return new AssetRenderer(asset.Mesh, null);
        }

        var image = Png.Read(png, $"{name}, base colour");
        if (image.Width != image.Height)
        {
            throw new MalformedFileException(name, $"the base colour is {image.Width} x {image.Height}, not square.");
        }

        var rgba = image.ToRgba();
        var linear = new Vector3[image.Width * image.Height];
        for (var i = 0; i < linear.Length; i++)
        {
            linear[i] = new Vector3(Srgb.FromByte(rgba[4 * i]), Srgb.FromByte(rgba[(4 * i) + 1]), Srgb.FromByte(rgba[(4 * i) + 2]));
        }

        return new AssetRenderer(asset.Mesh, new AlbedoTexture(image.Width, linear, Coverage: 1));
    }

    /// <summary>Renders one view; alpha is the share of 4 x 4 samples per pixel that hit the asset.</summary>
    /// <param name="camera">The camera.</param>
    /// <param name="size">Width and height in pixels, H = W.</param>
    /// <returns>Linear RGB with straight alpha, [4, H, W].</returns>
    public float[] Render(Camera camera, int size)
    {
        var buffer = FragmentBuffer.OfView(mesh, camera, size * SamplesPerSide);
        var sums = new Vector4[size * size];
        for (var sample = 0; sample < buffer.Face.Length; sample++)
        {
            if (buffer.Face[sample] >= 0)
            {
                var (x, y) = (sample % buffer.Size / SamplesPerSide, sample / buffer.Size / SamplesPerSide);
                sums[(y * size) + x] += new Vector4(Shade(buffer, sample), 1);
            }
        }

        var rgba = new float[4 * size * size];
        for (var pixel = 0; pixel < sums.Length; pixel++)
        {
            for (var channel = 0; channel < 3; channel++)
            {
                rgba[(channel * sums.Length) + pixel] = sums[pixel].W > 0 ? sums[pixel][channel] / sums[pixel].W : 0;
            }

            rgba[(3 * sums.Length) + pixel] = sums[pixel].W / (SamplesPerSide * SamplesPerSide);
        }

        return rgba;
    }

    private Vector3 Shade(FragmentBuffer buffer, int sample)
    {
        var (face, u, v) = (buffer.Face[sample], buffer.U[sample], buffer.V[sample]);
        Span<float> weights = [u, v, 1 - u - v];
        var (normal, place) = (Vector3.Zero, Vector2.Zero);
        for (var corner = 0; corner < 3; corner++)
        {
            var vertex = mesh.Indices[(3 * face) + corner];
            normal += weights[corner] * new Vector3(_normals[3 * vertex], _normals[(3 * vertex) + 1], _normals[(3 * vertex) + 2]);
            place += mesh.Uvs is null ? Vector2.Zero : weights[corner] * new Vector2(mesh.Uvs[2 * vertex], mesh.Uvs[(2 * vertex) + 1]);
        }

        normal = normal.LengthSquared() > 0 ? Vector3.Normalize(normal) : Vector3.UnitY;
        return Albedo(place) * (float)StudioLight.Irradiance(normal.X, normal.Y, normal.Z);
    }

    // Bilinear; the middle of texel (i, j) is ((i + 0.5) / S, (j + 0.5) / S).
    private Vector3 Albedo(Vector2 place)
    {
        if (texture is null)
        {
            return Vector3.One;
        }

        var (x, y) = ((place.X * texture.Size) - 0.5f, (place.Y * texture.Size) - 0.5f);
        var (left, top) = (MathF.Floor(x), MathF.Floor(y));
        Vector3 Texel(int dx, int dy) => texture.Linear[
            (Math.Clamp((int)top + dy, 0, texture.Size - 1) * texture.Size) + Math.Clamp((int)left + dx, 0, texture.Size - 1)];
        return Vector3.Lerp(
            Vector3.Lerp(Texel(0, 0), Texel(1, 0), x - left), Vector3.Lerp(Texel(0, 1), Texel(1, 1), x - left), y - top);
    }
}
