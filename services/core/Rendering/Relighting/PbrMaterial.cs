using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>A material with its textures decoded.</summary>
/// <remarks>
/// All of glTF's metallic-roughness model but transparency: alpha is not read, every surface is opaque and seen from both sides. Textures repeat.
/// Nor are transmission, clear coats and indices of refraction other than 1.5; <see cref="Unread"/> names what a material has of these.
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
        Source = source;
        BaseColour = PbrTexture.Read(source.BaseColorPng, $"{name}, base colour", s_colour, isSrgb: true);
        RoughnessMetallic = PbrTexture.Read(source.OrmPng, $"{name}, roughness and metallic", [1, 2], isSrgb: false);
        Occlusion = source.OrmHasOcclusion && source.OcclusionPng is null
            ? PbrTexture.Read(source.OrmPng, $"{name}, occlusion", [0], isSrgb: false)
            : PbrTexture.Read(source.OcclusionPng, $"{name}, occlusion", [0], isSrgb: false);
        Normal = PbrTexture.Read(source.NormalPng, $"{name}, normal map", s_colour, isSrgb: false);
        Emissive = PbrTexture.Read(source.EmissivePng, $"{name}, emissive", s_colour, isSrgb: true);
    }

    /// <summary>The factors.</summary>
    public GlbMaterial Source { get; }

    /// <summary>Linear RGB; null for the factor alone.</summary>
    public PbrTexture? BaseColour { get; }

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

    /// <summary>What the material has and is not rendered.</summary>
    public IEnumerable<string> Unread()
    {
        if (Source.AlphaMode != GlbAlphaMode.Opaque)
        {
            yield return $"alpha ({Source.AlphaMode.ToString().ToUpperInvariant()})";
        }

        if (Source.Transmission is not null)
        {
            yield return "transmission";
        }

        if (Source.Clearcoat is not null)
        {
            yield return "clearcoat";
        }

        if (Source.Ior != 1.5f)
        {
            yield return "ior";
        }
    }
}
