using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>How views become a texture.</summary>
/// <param name="TextureSize">Width and height, a power of two.</param>
/// <param name="FacingPower">Exponent of n . v in the weight of a view; larger prefers the view that faces a point most.</param>
/// <param name="DilationTexels">Rings of colour round each chart.</param>
/// <param name="Corrections">How often the textured mesh is shown at the views' cameras and its misses are carried back.</param>
public sealed record AlbedoBakeConfig(
    int TextureSize = 1024, double FacingPower = 4, int DilationTexels = 8, int Corrections = 3);

/// <summary>A base colour texture.</summary>
/// <param name="Size">Width and height, S.</param>
/// <param name="Linear">Albedo, linear RGB in [0, 1], [S, S].</param>
/// <param name="Coverage">Share of the used texels that a view saw, 0 to 1.</param>
public sealed record AlbedoTexture(int Size, Vector3[] Linear, double Coverage)
{
    /// <summary>The texture as 8-bit sRGB.</summary>
    /// <returns>A PNG.</returns>
    public byte[] ToPng()
    {
        var pixels = new byte[3 * Linear.Length];
        for (var i = 0; i < Linear.Length; i++)
        {
            pixels[3 * i] = Srgb.ToByte(Linear[i].X);
            pixels[(3 * i) + 1] = Srgb.ToByte(Linear[i].Y);
            pixels[(3 * i) + 2] = Srgb.ToByte(Linear[i].Z);
        }

        return Png.Write(pixels, Size, Size, 3);
    }
}

/// <summary>Back-projects views onto an unwrapped mesh and divides the studio light out.</summary>
/// <remarks>
/// 1. place of every texel on the surface  2. colours of all views, blended by trust in linear RGB and divided by
/// <see cref="StudioLight"/>  3. what no view saw, along the surface; little trust leans on it too; colour around charts
/// 4. correction: what the textured mesh misses of the views is back-projected in the same way and added. A pixel is an
/// average; read as a point, drawn and averaged again, every edge is blurred twice, and the corrections undo one of the
/// two (iterative back-projection, Irani and Peleg 1991, "Improving resolution by image registration").
/// </remarks>
public static class AlbedoBaker
{
    private const float FillTrust = 0.01f; // how much trust the carried colour has against the views
    private const float SeenTrust = 1e-5f; // what the flattest look that counts at all still reaches
    private const float Inside = 0.5f;     // coverage from which a pixel's miss counts

    /// <summary>Bakes a base colour texture.</summary>
    /// <param name="mesh">The mesh, with texture coordinates; its normals if it has them, else area-weighted ones.</param>
    /// <param name="views">The views, under <see cref="StudioLight"/>.</param>
    /// <param name="config">How.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>The texture.</returns>
    public static AlbedoTexture Bake(
        TriangleMesh mesh, ViewSet views, AlbedoBakeConfig config, CancellationToken cancel = default)
    {
        // 1. texels
        var texels = new SurfaceTexels(mesh, mesh.Normals ?? mesh.AreaWeightedNormals(), config.TextureSize);
        var parallel = new ParallelOptions { CancellationToken = cancel };

        // 2. views
        var (samplers, pictures) = (new ViewSampler[views.Count], new float[views.Count][]);
        Parallel.For(0, views.Count, parallel, v => samplers[v] = new ViewSampler(views, v, mesh, config.FacingPower));
        Parallel.For(0, views.Count, parallel, v => pictures[v] = views.View(v));
        var (colors, trusts) = (new Vector3[texels.Pixels.Length], new float[texels.Pixels.Length]);
        Add(samplers, pictures, texels, colors, trusts, parallel);

        // 3. unseen, and around charts
        var texture = Complete(mesh, texels, colors, trusts, config);

        // 4. corrections
        for (var round = 0; round < config.Corrections; round++)
        {
            var asset = new AssetRenderer(mesh, new AlbedoTexture(config.TextureSize, texture, Coverage: 0));
            Parallel.For(0, views.Count, parallel, v => pictures[v] = Misses(asset, views, v));
            Add(samplers, pictures, texels, colors, trusts, parallel);
            texture = Complete(mesh, texels, colors, trusts, config);
        }

        return new AlbedoTexture(
            config.TextureSize, texture, trusts.Count(trust => trust > SeenTrust) / (double)Math.Max(1, trusts.Length));
    }

    // Adds what the pictures, one per view, have at each texel; trust is the same for all pictures.
    private static void Add(
        ViewSampler[] samplers, float[][] pictures, SurfaceTexels texels, Vector3[] colors, float[] trusts, ParallelOptions parallel)
    {
        Parallel.For(0, colors.Length, parallel, texel =>
        {
            var (position, normal) = (texels.Positions[texel], texels.Normals[texel]);
            var (sum, trust) = (Vector3.Zero, 0f);
            for (var view = 0; view < samplers.Length; view++)
            {
                var (color, weight) = samplers[view].Sample(position, normal, pictures[view]);
                sum += weight * color;
                trust += weight;
            }

            if (trust > 0)
            {
                var light = (float)StudioLight.Irradiance(normal.X, normal.Y, normal.Z);
                (colors[texel], trusts[texel]) = (
                    Vector3.Clamp(colors[texel] + (sum / (trust * light)), Vector3.Zero, Vector3.One), trust);
            }
        });
    }

    private static Vector3[] Complete(
        TriangleMesh mesh, SurfaceTexels texels, Vector3[] colors, float[] trusts, AlbedoBakeConfig config)
    {
        var fill = new SurfaceFill(mesh, texels, colors, trusts);
        var texture = new Vector3[config.TextureSize * config.TextureSize];
        var used = new bool[texture.Length];
        for (var i = 0; i < colors.Length; i++)
        {
            var blended = ((trusts[i] * colors[i]) + (FillTrust * fill.At(texels, i))) / (trusts[i] + FillTrust);
            texture[texels.Pixels[i]] = blended;
            used[texels.Pixels[i]] = true;
        }

        TextureDilation.Fill(texture, used, config.TextureSize, config.DilationTexels);
        return texture;
    }

    // View minus asset, linear RGB, where both cover the pixel; 0 elsewhere, [3, H, W].
    private static float[] Misses(AssetRenderer asset, ViewSet views, int view)
    {
        var (wanted, shown) = (views.View(view), asset.Render(Camera.Of(views.Cameras[view]), views.Size));
        var plane = views.Size * views.Size;
        var misses = new float[3 * plane];
        for (var value = 0; value < misses.Length; value++)
        {
            var alpha = (3 * plane) + (value % plane);
            misses[value] = wanted[alpha] > Inside && shown[alpha] > Inside ? wanted[value] - shown[value] : 0;
        }

        return misses;
    }
}
