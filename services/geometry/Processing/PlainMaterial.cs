using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Shaping;

/// <summary>The material that a mesh keeps when its textures are given up: everywhere what they were on average.</summary>
/// <remarks>
/// Without that a textured mesh would show its bare factors, which glTF makes white and metal where textures say the rest. The average is
/// taken over the surface: each face counts by its area, with the texel at its middle.
/// </remarks>
internal static class PlainMaterial
{
    /// <summary>Gives textures up.</summary>
    /// <param name="asset">The mesh with its texture coordinates, and the material.</param>
    /// <returns>A material without textures.</returns>
    public static GlbMaterial Of(GlbAsset asset)
    {
        var (material, middles) = (asset.Material, Middles(asset.Mesh));
        Vector4 Mean(byte[]? png, Func<byte, float> decode) => png is null ? Vector4.One : MeanOf(Png.Read(png, "a texture"), middles, decode);

        var color = Mean(material.BaseColorPng, Srgb.FromByte);
        var orm = Mean(material.OrmPng, Linear);
        var glow = Mean(material.EmissivePng, Srgb.FromByte);
        return material with
        {
            BaseColorPng = null,
            BaseColorFactor = material.BaseColorFactor * color,
            OrmPng = null,
            RoughnessFactor = material.RoughnessFactor * orm.Y,
            MetallicFactor = material.MetallicFactor * orm.Z,
            OcclusionPng = null,
            NormalPng = null,
            EmissivePng = null,
            EmissiveFactor = material.EmissiveFactor * new Vector3(glow.X, glow.Y, glow.Z),
            Transmission = material.Transmission is { } through ? new GlbTransmission(through.Factor * Mean(through.Png, Linear).X) : null,
            Clearcoat = material.Clearcoat is { } coat
                ? new GlbClearcoat(coat.Factor * Mean(coat.Png, Linear).X, coat.RoughnessFactor * Mean(coat.RoughnessPng, Linear).Y)
                : null,
        };
    }

    private static float Linear(byte value) => value / 255f;

    // Where each face's middle lies in the texture, and the face's area.
    private static (Vector2 Uv, double Area)[] Middles(TriangleMesh mesh)
    {
        var middles = new (Vector2, double)[mesh.FaceCount];
        for (var face = 0; face < middles.Length; face++)
        {
            var corners = mesh.Indices.AsSpan(3 * face, 3);
            var (a, b, c) = (mesh.Position(corners[0]), mesh.Position(corners[1]), mesh.Position(corners[2]));
            var uv = Vector2.Zero;
            foreach (var corner in corners)
            {
                uv += new Vector2(mesh.Uvs![2 * corner], mesh.Uvs[(2 * corner) + 1]) / 3;
            }

            middles[face] = (uv, Vector3.Cross(b - a, c - a).Length() / 2);
        }

        return middles;
    }

    private static Vector4 MeanOf(PngImage image, (Vector2 Uv, double Area)[] middles, Func<byte, float> decode)
    {
        var (rgba, sums, total) = (image.ToRgba(), new double[4], 0.0);
        foreach (var (uv, area) in middles)
        {
            var texel = 4 * ((Texel(uv.Y, image.Height) * image.Width) + Texel(uv.X, image.Width));
            for (var channel = 0; channel < 4; channel++)
            {
                sums[channel] += area * (channel < 3 ? decode(rgba[texel + channel]) : Linear(rgba[texel + channel]));
            }

            total += area;
        }

        return total > 0
            ? new Vector4((float)(sums[0] / total), (float)(sums[1] / total), (float)(sums[2] / total), (float)(sums[3] / total))
            : Vector4.One;
    }

    // Textures repeat.
    private static int Texel(float coordinate, int count) => Math.Clamp((int)((coordinate - MathF.Floor(coordinate)) * count), 0, count - 1);
}
