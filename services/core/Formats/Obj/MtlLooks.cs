using System.Numerics;

namespace Realiz3D.Mesh.Formats;

/// <summary>Makes materials of a GLB from those of MTL files. Each picture is read once, and their pixels are counted together.</summary>
internal sealed class MtlLooks(Func<string, byte[]?> picture, string file, GlbLimits limits, List<string> losses)
{
    private static readonly Vector3 s_plaster = new(0.8f);     // Kd where nothing is stated

    private readonly Dictionary<string, (byte[] Png, PixelImage Image)?> _pictures = [];
    private long _pixels;

    public GlbMaterial Of(MtlMaterial material)
    {
        losses.AddRange(material.Unread.Select(word => $"{word} is not read.").Except(losses));
        var color = Picture(material.ColorMap);
        var glow = Picture(material.EmissionMap);
        var emission = material.Emission ?? (glow is null ? Vector3.Zero : Vector3.One);
        var brightest = Math.Max(1, Math.Max(emission.X, Math.Max(emission.Y, emission.Z)));
        var (normal, normalMap) = Normal(material);
        var (rough, metal) = (Picture(material.RoughnessMap), Picture(material.MetallicMap));
        var factor = Unit(material.Color ?? (color is null ? s_plaster : Vector3.One));
        return new GlbMaterial(color?.Png, Orm(rough?.Image, metal?.Image), Unit(material.Metallic ?? (metal is null ? 0 : 1)), Roughness(material, rough is null))
        {
            BaseColorFactor = new Vector4(factor, Unit(material.Opacity)),
            AlphaMode = material.Opacity < 1 ? GlbAlphaMode.Blend : GlbAlphaMode.Opaque,
            OrmHasOcclusion = false,
            NormalPng = normal?.Png,
            NormalScale = normalMap?.Strength ?? 1,
            EmissivePng = glow?.Png,
            EmissiveFactor = Vector3.Max(emission, Vector3.Zero) / brightest,
            EmissiveStrength = brightest,
            Samplers = new GlbSamplers
            {
                BaseColor = Sampler(material.ColorMap),
                Orm = Sampler(rough is null ? material.MetallicMap : material.RoughnessMap),
                Normal = Sampler(normalMap),
                Emissive = Sampler(material.EmissionMap),
            },
        };
    }

    private static float Roughness(MtlMaterial material, bool isPlain) => Unit(
        material.Roughness ?? (isPlain && material.Shininess is { } exponent ? MathF.Pow(2 / (MathF.Max(exponent, 0) + 2), 0.25f) : 1));

    // A bump map in colours is a normal map: heights are gray.
    private ((byte[] Png, PixelImage Image)? Picture, MtlMap? Map) Normal(MtlMaterial material)
    {
        if (material.NormalMap is { } stated && Picture(stated) is { } normal)
        {
            return (normal, stated);
        }

        if (material.BumpMap is not { } bump || Picture(bump) is not { } found)
        {
            return (null, null);
        }

        if (IsColored(found.Image))
        {
            return (found, bump);
        }

        losses.AddRange(new[] { $"{bump.File} holds heights, which are not read; a normal map (norm) is." }.Except(losses));
        return (null, null);
    }

    private static bool IsColored(PixelImage image)
    {
        for (var at = 0; image.Channels >= 3 && at < image.Bytes.Length; at += image.Channels)
        {
            if (image.Bytes[at] != image.Bytes[at + 1] || image.Bytes[at] != image.Bytes[at + 2])
            {
                return true;
            }
        }

        return false;
    }

    // Roughness in G, metallic in B, 1 where one of them has no picture; of two sizes the larger one's texels.
    private byte[]? Orm(PixelImage? rough, PixelImage? metal)
    {
        if (rough is null && metal is null)
        {
            return null;
        }

        var (width, height) = (Math.Max(rough?.Width ?? 0, metal?.Width ?? 0), Math.Max(rough?.Height ?? 0, metal?.Height ?? 0));
        limits.Images.Check(file, width, height);
        var texels = new byte[3 * width * height];
        for (var i = 0; i < width * height; i++)
        {
            (texels[3 * i], texels[(3 * i) + 1], texels[(3 * i) + 2]) = (255, Red(rough, i % width, i / width), Red(metal, i % width, i / width));
        }

        return Png.Write(texels, width, height, 3);

        byte Red(PixelImage? image, int column, int row) => image is null ? (byte)255 : image.Bytes[
            image.Channels * (((int)((long)row * image.Height / height) * image.Width) + (int)((long)column * image.Width / width))];
    }

    private (byte[] Png, PixelImage Image)? Picture(MtlMap? map)
    {
        if (map is null)
        {
            return null;
        }

        if (_pictures.TryGetValue(map.File, out var known))
        {
            return known;
        }

        if (picture(map.File) is not { } bytes)
        {
            losses.Add($"The picture {map.File} is not there; its material goes without.");
            return _pictures[map.File] = null;
        }

        var image = ImageFile.Read(bytes, map.File, limits.Images);
        _pixels += (long)image.Width * image.Height;
        if (_pixels > limits.MaxTexels)
        {
            throw new MalformedFileException(file, $"its pictures have more than {limits.MaxTexels} pixels together.");
        }

        return _pictures[map.File] = (Png.IsPng(bytes) ? bytes : Png.Write(image.Bytes, image.Width, image.Height, image.Channels), image);
    }

    private static GlbSampler Sampler(MtlMap? map) => map is { Clamps: false } ? new GlbSampler() : GlbSampler.Atlas;

    private static float Unit(float value) => Math.Clamp(value, 0, 1);

    private static Vector3 Unit(Vector3 value) => Vector3.Clamp(value, Vector3.Zero, Vector3.One);
}
