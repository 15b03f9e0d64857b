using System.Numerics;

namespace Realiz3D.Mesh.Formats;

/// <summary>A picture that a material names.</summary>
/// <param name="File">Its name; nothing is opened.</param>
/// <param name="Clamps">Whether it ends at its border (-clamp on) instead of repeating.</param>
/// <param name="Strength">Multiplies a bump or normal map (-bm).</param>
public sealed record MtlMap(string File, bool Clamps = false, float Strength = 1);

/// <summary>A material of an MTL file, with the PBR statements that most programs read. What is not stated is null, or has MTL's default.</summary>
/// <param name="Name">Name after newmtl.</param>
public sealed record MtlMaterial(string Name)
{
    /// <summary>Kd, linear RGB.</summary>
    public Vector3? Color { get; init; }

    /// <summary>d, or 1 - Tr: 1 for what nothing is seen through.</summary>
    public float Opacity { get; init; } = 1;

    /// <summary>Pr, 0 to 1.</summary>
    public float? Roughness { get; init; }

    /// <summary>Pm, 0 to 1.</summary>
    public float? Metallic { get; init; }

    /// <summary>Ns, the exponent of Phong's highlight.</summary>
    public float? Shininess { get; init; }

    /// <summary>Ke, linear RGB.</summary>
    public Vector3? Emission { get; init; }

    /// <summary>map_Kd.</summary>
    public MtlMap? ColorMap { get; init; }

    /// <summary>map_Pr.</summary>
    public MtlMap? RoughnessMap { get; init; }

    /// <summary>map_Pm.</summary>
    public MtlMap? MetallicMap { get; init; }

    /// <summary>norm: a normal map in tangent space.</summary>
    public MtlMap? NormalMap { get; init; }

    /// <summary>map_Bump or bump: by the book heights, by the habit of many programs a normal map.</summary>
    public MtlMap? BumpMap { get; init; }

    /// <summary>map_Ke.</summary>
    public MtlMap? EmissionMap { get; init; }

    /// <summary>Statements of pictures that are not read, such as map_Ks, and options that move a picture.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];
}
