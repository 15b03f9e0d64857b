namespace Realiz3D.Mesh.Formats;

/// <summary>What lies beyond a texture's border along one axis. Numbers: glTF 2.0 specification, section 5.26.</summary>
public enum GlbWrap
{
    /// <summary>The texture again.</summary>
    Repeat = 10497,

    /// <summary>Its last texels.</summary>
    ClampToEdge = 33071,

    /// <summary>The texture again, every other time turned over.</summary>
    MirroredRepeat = 33648,
}

/// <summary>How a texture is read between its texels. Numbers: glTF 2.0 specification, section 5.26.</summary>
public enum GlbFilter
{
    /// <summary>The nearest texel.</summary>
    Nearest = 9728,

    /// <summary>Four texels, weighted.</summary>
    Linear = 9729,

    /// <summary>The nearest texel of the nearest mip level.</summary>
    NearestMipmapNearest = 9984,

    /// <summary>Four texels of the nearest mip level.</summary>
    LinearMipmapNearest = 9985,

    /// <summary>The nearest texels of two mip levels, weighted.</summary>
    NearestMipmapLinear = 9986,

    /// <summary>Four texels of two mip levels each, weighted.</summary>
    LinearMipmapLinear = 9987,
}

/// <summary>How a texture is to be read. The defaults are those of a glTF texture that names no sampler.</summary>
/// <param name="WrapS">Beyond its left and right border.</param>
/// <param name="WrapT">Beyond its upper and lower border.</param>
/// <param name="MagFilter">Where a texel is larger than a pixel: nearest or linear; null leaves it to the program.</param>
/// <param name="MinFilter">Where it is smaller; null leaves it to the program.</param>
public sealed record GlbSampler(
    GlbWrap WrapS = GlbWrap.Repeat, GlbWrap WrapT = GlbWrap.Repeat, GlbFilter? MagFilter = null, GlbFilter? MinFilter = null)
{
    /// <summary>For a texture whose charts lie within it: linear with mip maps, and nothing comes in over the border.</summary>
    public static GlbSampler Atlas { get; } =
        new(GlbWrap.ClampToEdge, GlbWrap.ClampToEdge, GlbFilter.Linear, GlbFilter.LinearMipmapLinear);
}

/// <summary>The samplers of a material's textures; of one that it does not have the sampler means nothing.</summary>
public sealed record GlbSamplers
{
    /// <summary>Of the base colour.</summary>
    public GlbSampler BaseColor { get; init; } = GlbSampler.Atlas;

    /// <summary>Of roughness and metallic.</summary>
    public GlbSampler Orm { get; init; } = GlbSampler.Atlas;

    /// <summary>Of the occlusion, in an image of its own or not.</summary>
    public GlbSampler Occlusion { get; init; } = GlbSampler.Atlas;

    /// <summary>Of the normal map.</summary>
    public GlbSampler Normal { get; init; } = GlbSampler.Atlas;

    /// <summary>Of the light of its own.</summary>
    public GlbSampler Emissive { get; init; } = GlbSampler.Atlas;

    /// <summary>Of the light that passes through.</summary>
    public GlbSampler Transmission { get; init; } = GlbSampler.Atlas;

    /// <summary>Of the clear layer's strength.</summary>
    public GlbSampler Clearcoat { get; init; } = GlbSampler.Atlas;

    /// <summary>Of its roughness.</summary>
    public GlbSampler ClearcoatRoughness { get; init; } = GlbSampler.Atlas;

    /// <summary>Of its normal map.</summary>
    public GlbSampler ClearcoatNormal { get; init; } = GlbSampler.Atlas;
}
