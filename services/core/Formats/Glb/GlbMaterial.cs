using System.Numerics;

namespace Realiz3D.Mesh.Formats;

/// <summary>How a material's alpha is used. Source: glTF 2.0 specification, section 3.9.4.</summary>
public enum GlbAlphaMode
{
    /// <summary>Not at all.</summary>
    Opaque,

    /// <summary>A texel is there or not, as its alpha reaches the cutoff or not.</summary>
    Mask,

    /// <summary>As coverage.</summary>
    Blend,
}

/// <summary>Light that passes through. Source: KHR_materials_transmission.</summary>
/// <param name="Factor">Share that passes, 0 to 1.</param>
/// <param name="Png">Multiplies the factor, in R; null without.</param>
public sealed record GlbTransmission(float Factor = 0, byte[]? Png = null);

/// <summary>A clear layer over the material. Source: KHR_materials_clearcoat.</summary>
/// <param name="Factor">Strength of the layer, 0 to 1.</param>
/// <param name="RoughnessFactor">Its roughness, 0 to 1.</param>
/// <param name="Png">Multiplies the factor, in R; null without.</param>
/// <param name="RoughnessPng">Multiplies the roughness, in G; null without.</param>
/// <param name="NormalPng">Its normal map; null without.</param>
public sealed record GlbClearcoat(
    float Factor = 0, float RoughnessFactor = 0, byte[]? Png = null, byte[]? RoughnessPng = null, byte[]? NormalPng = null);

/// <summary>A metallic-roughness material. Source: glTF 2.0 specification, section 3.9, and the ratified KHR_materials extensions.</summary>
/// <param name="BaseColorPng">Base colour, sRGB; null for the factor alone.</param>
/// <param name="OrmPng">Occlusion (R), roughness (G), metallic (B), linear; null for the factors alone.</param>
/// <param name="MetallicFactor">Multiplies B, 0 to 1.</param>
/// <param name="RoughnessFactor">Multiplies G, 0 to 1.</param>
public sealed record GlbMaterial(
    byte[]? BaseColorPng = null, byte[]? OrmPng = null, float MetallicFactor = 1, float RoughnessFactor = 1)
{
    /// <summary>Multiplies the base colour; linear RGB and alpha.</summary>
    public Vector4 BaseColorFactor { get; init; } = Vector4.One;

    /// <summary>Occlusion in an image of its own, in R; null for R of <see cref="OrmPng"/>.</summary>
    public byte[]? OcclusionPng { get; init; }

    /// <summary>Whether R of <see cref="OrmPng"/> is occlusion; false where it means nothing.</summary>
    public bool OrmHasOcclusion { get; init; } = true;

    /// <summary>How far occlusion darkens, 0 to 1.</summary>
    public float OcclusionStrength { get; init; } = 1;

    /// <summary>Normal map in tangent space, +Y up, linear; null without.</summary>
    public byte[]? NormalPng { get; init; }

    /// <summary>Multiplies x and y of the normal map.</summary>
    public float NormalScale { get; init; } = 1;

    /// <summary>Light of its own, sRGB; null for the factor alone.</summary>
    public byte[]? EmissivePng { get; init; }

    /// <summary>Multiplies the light of its own; linear RGB.</summary>
    public Vector3 EmissiveFactor { get; init; }

    /// <summary>Multiplies it once more, beyond 1 too (KHR_materials_emissive_strength).</summary>
    public float EmissiveStrength { get; init; } = 1;

    /// <summary>What alpha means.</summary>
    public GlbAlphaMode AlphaMode { get; init; }

    /// <summary>From which alpha on a texel of <see cref="GlbAlphaMode.Mask"/> is there.</summary>
    public float AlphaCutoff { get; init; } = 0.5f;

    /// <summary>Whether back faces are seen.</summary>
    public bool DoubleSided { get; init; }

    /// <summary>Index of refraction (KHR_materials_ior).</summary>
    public float Ior { get; init; } = 1.5f;

    /// <summary>Light that passes through; null without.</summary>
    public GlbTransmission? Transmission { get; init; }

    /// <summary>A clear layer; null without.</summary>
    public GlbClearcoat? Clearcoat { get; init; }

    /// <summary>How the textures are read.</summary>
    public GlbSamplers Samplers { get; init; } = new();

    /// <summary>Whether the base colour is shown as it is, without light (KHR_materials_unlit).</summary>
    public bool Unlit { get; init; }
}
