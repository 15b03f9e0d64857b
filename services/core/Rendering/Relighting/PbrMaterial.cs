using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>A material with its textures decoded.</summary>
/// <remarks>
/// All of glTF's metallic-roughness model, with alpha and index of refraction. Every surface is seen from both sides, textures are read as their samplers say.
/// Transmission and clear coats are not read; <see cref="Unread"/> names what a material has of these.
/// </remarks>
internal sealed record PbrMaterial
{
    private static readonly int[] s_colour = [0, 1, 2];

    /// <summary>Decodes a material.</summary>
    /// <param name="source">The material.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="MalformedFileException">A texture cannot be read.</exception>
    public PbrMaterial(GlbMaterial source, string name)
    {
        (Source, var samplers) = (source, source.Samplers);
        BaseColour = PbrTexture.Read(source.BaseColorPng, samplers.BaseColor, $"{name}, base colour", s_colour, isSrgb: true);
        Alpha = HasAlpha ? PbrTexture.Read(source.BaseColorPng, samplers.BaseColor, $"{name}, base colour", [3], isSrgb: false) : null;
        RoughnessMetallic = PbrTexture.Read(source.OrmPng, samplers.Orm, $"{name}, roughness and metallic", [1, 2], isSrgb: false);
        var occlusion = source.OrmHasOcclusion && source.OcclusionPng is null ? source.OrmPng : source.OcclusionPng;
        Occlusion = PbrTexture.Read(occlusion, samplers.Occlusion, $"{name}, occlusion", [0], isSrgb: false);
        Normal = PbrTexture.Read(source.NormalPng, samplers.Normal, $"{name}, normal map", s_colour, isSrgb: false);
        Emissive = PbrTexture.Read(source.EmissivePng, samplers.Emissive, $"{name}, emissive", s_colour, isSrgb: true);
    }

    /// <summary>The factors.</summary>
    public GlbMaterial Source { get; }

    /// <summary>Linear RGB; null for the factor alone.</summary>
    public PbrTexture? BaseColour { get; }

    /// <summary>Alpha of the base colour; null for the factor alone, and where it means nothing.</summary>
    public PbrTexture? Alpha { get; }

    /// <summary>Roughness and metallic; null for the factors alone.</summary>
    public PbrTexture? RoughnessMetallic { get; }

    /// <summary>1 where nothing is occluded; null without.</summary>
    public PbrTexture? Occlusion { get; }

    /// <summary>The normal map, 0 to 1 as stored; null without.</summary>
    public PbrTexture? Normal { get; }

    /// <summary>Linear RGB; null for the factor alone.</summary>
    public PbrTexture? Emissive { get; }

    /// <summary>Factor of the base colour, linear RGB.</summary>
    public Vector3 BaseColourFactor => new(Source.BaseColorFactor.X, Source.BaseColorFactor.Y, Source.BaseColorFactor.Z);

    /// <summary>Factor of its own light, linear RGB.</summary>
    public Vector3 EmissiveFactor => Source.EmissiveFactor * Source.EmissiveStrength;

    /// <summary>Whether its surfaces may let through what lies behind them.</summary>
    public bool HasAlpha => Source.AlphaMode != GlbAlphaMode.Opaque;

    /// <summary>
    /// Reflectance at normal incidence of what is no metal: ((n - 1) / (n + 1))^2, 0.04 for glass; 1 for an index n of 0, which stands for infinity
    /// (KHR_materials_ior).
    /// </summary>
    public float Dielectric => Source.Ior == 0 ? 1 : (Source.Ior - 1) * (Source.Ior - 1) / ((Source.Ior + 1) * (Source.Ior + 1));

    /// <summary>Which share of what lies behind a place of the surface it covers, 0 to 1: glTF 2.0, section 3.9.4.</summary>
    /// <param name="u">0 to 1 from the texture's left.</param>
    /// <param name="v">0 to 1 from its top.</param>
    public float Coverage(double u, double v)
    {
        Span<float> texel = [1];
        Alpha?.Sample(u, v, texel);
        var alpha = texel[0] * Source.BaseColorFactor.W;
        return Source.AlphaMode switch
        {
            GlbAlphaMode.Opaque => 1,
            GlbAlphaMode.Mask => alpha >= Source.AlphaCutoff ? 1 : 0,
            _ => Math.Clamp(alpha, 0, 1),
        };
    }

    /// <summary>What the material has and is not rendered.</summary>
    public IEnumerable<string> Unread()
    {
        if (Source.Transmission is not null)
        {
            yield return "transmission";
        }

        if (Source.Clearcoat is not null)
        {
            yield return "clearcoat";
        }
    }
}
