using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>How a texture is read between its texels.</summary>
public enum TextureFilter
{
    /// <summary>The texel that the coordinates lie in.</summary>
    Nearest,

    /// <summary>The four nearest, weighted by distance.</summary>
    Linear,

    /// <summary>The same on the nearest mip level.</summary>
    LinearMipmapNearest,

    /// <summary>The same on two mip levels, weighted by distance.</summary>
    LinearMipmapLinear,

    /// <summary>The texel that the coordinates lie in, on the nearest mip level.</summary>
    NearestMipmapNearest,

    /// <summary>The same on two mip levels, weighted by distance.</summary>
    NearestMipmapLinear,
}

/// <summary>What lies beyond a texture's border.</summary>
public enum TextureWrap
{
    /// <summary>The texture again.</summary>
    Repeat,

    /// <summary>Its last texels.</summary>
    Clamp,

    /// <summary>Nothing: 0.</summary>
    Zero,

    /// <summary>The texture again, every other time turned over.</summary>
    Mirror,
}

/// <summary>How a texture is read, at its border and between its texels.</summary>
/// <param name="Filter">Where its texels are smaller than pixels, and everywhere if nothing else is said.</param>
/// <param name="WrapU">Beyond its left and right border.</param>
/// <param name="WrapV">Beyond its upper and lower border.</param>
/// <param name="Magnified">Where its texels are larger than pixels: nearest or linear; null for as the filter reads one level.</param>
public sealed record TextureSampling(
    TextureFilter Filter, TextureWrap WrapU = TextureWrap.Repeat, TextureWrap WrapV = TextureWrap.Repeat, TextureFilter? Magnified = null)
{
    /// <summary>Whether mip levels are read.</summary>
    public bool HasLevels => Filter is not (TextureFilter.Nearest or TextureFilter.Linear);

    /// <summary>Whether single texels are read on a level, and not four.</summary>
    public bool IsNearest => Filter is TextureFilter.Nearest or TextureFilter.NearestMipmapNearest or TextureFilter.NearestMipmapLinear;

    /// <summary>Whether single texels are read where texels are larger than pixels.</summary>
    public bool IsNearestMagnified => Magnified is null ? IsNearest : Magnified == TextureFilter.Nearest;

    /// <summary>What a glTF sampler asks for; what it leaves to the program is linear, with mip levels.</summary>
    /// <param name="sampler">The sampler.</param>
    /// <returns>The same in this library's terms.</returns>
    public static TextureSampling Of(GlbSampler sampler) => new(
        sampler.MinFilter switch
        {
            GlbFilter.Nearest => TextureFilter.Nearest,
            GlbFilter.Linear => TextureFilter.Linear,
            GlbFilter.NearestMipmapNearest => TextureFilter.NearestMipmapNearest,
            GlbFilter.LinearMipmapNearest => TextureFilter.LinearMipmapNearest,
            GlbFilter.NearestMipmapLinear => TextureFilter.NearestMipmapLinear,
            _ => TextureFilter.LinearMipmapLinear,
        },
        Wrap(sampler.WrapS),
        Wrap(sampler.WrapT),
        sampler.MagFilter == GlbFilter.Nearest ? TextureFilter.Nearest : TextureFilter.Linear);

    private static TextureWrap Wrap(GlbWrap wrap) => wrap switch
    {
        GlbWrap.ClampToEdge => TextureWrap.Clamp,
        GlbWrap.MirroredRepeat => TextureWrap.Mirror,
        _ => TextureWrap.Repeat,
    };
}
