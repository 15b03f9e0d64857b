using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Small pictures for those who wait: PNG files of at most 64 KiB.</summary>
public static class MeshPreview
{
    /// <summary>Most bytes of a picture, as <c>StageProgress.preview_png</c> promises.</summary>
    public const int MaxBytes = 64 * 1024;

    // 3 x 144 x 144 bytes stay below the limit even where they do not compress.
    private const int Side = 144;
    private const double Background = 0.92; // linear, nearly white
    private const double Clay = 0.5;        // albedo, so that what the light meets stands out

    private static readonly Camera s_camera = CameraRig.At(30, 20);

    /// <summary>Draws a mesh under the studio light, filling the picture.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="texture">Its base colour; gray clay when null.</param>
    /// <returns>A PNG, 144 x 144, RGB; nothing for a mesh without faces.</returns>
    public static byte[] Of(TriangleMesh mesh, AlbedoTexture? texture = null)
    {
        if (mesh.FaceCount == 0)
        {
            return [];
        }

        var bounds = MeshBounds.Of(mesh);
        var placed = bounds.Radius > 0 ? bounds.Place(mesh, CameraRig.Radius * Math.Sin(CameraRig.FieldOfViewDegrees * Math.PI / 360) / bounds.Radius) : mesh;
        var rgba = new AssetRenderer(placed, texture).Render(s_camera, Side);
        var albedo = texture is null ? Clay : 1;
        var (pixels, plane) = (new byte[3 * Side * Side], Side * Side);
        for (var i = 0; i < pixels.Length; i++)
        {
            var (pixel, channel) = Math.DivRem(i, 3);
            var alpha = rgba[(3 * plane) + pixel];
            pixels[i] = Srgb.ToByte((alpha * albedo * rgba[(channel * plane) + pixel]) + ((1 - alpha) * Background));
        }

        return Png.Write(pixels, Side, Side, 3);
    }

    /// <summary>Shrinks a picture to a preview.</summary>
    /// <param name="picture">A square picture, gray or RGB.</param>
    /// <returns>A PNG of at most 144 x 144.</returns>
    public static byte[] Of(PixelImage picture)
    {
        var small = picture.Width > Side ? PixelResampling.Resize(picture, Side, Side, ResampleFilter.Box) : picture;
        return Png.Write(small.Bytes, small.Width, small.Height, small.Channels);
    }
}
