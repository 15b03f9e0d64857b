using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>How a surface scatters light: metallic-roughness with GGX, as glTF has it, and its terms one by one.</summary>
/// <remarks>
/// Directions point away from the surface and are unit vectors in the last axis: n the normal, l (wi) to the light, v (wo) to the
/// viewer, h halfway between. alpha = roughness^2. Everything is differentiable; cosines are clamped to [1e-4, 1 - 1e-4]
/// where a term would divide by them. Sources: Walter et al. 2007 (GGX); Heitz 2014 (height-correlated Smith); Schlick 1994;
/// Lagarde and de Rousiers 2014 ("Frostbite", section 3.1.2: renormalised Disney diffuse); glTF 2.0, appendix B. The limits and the
/// factors that each function holds are those of Munkberg et al. 2022 (arXiv:2111.12503), to whose values they are held.
/// </remarks>
public static class Brdf
{
    /// <summary>Least roughness that has a highlight: below it, alpha is taken as its square.</summary>
    public const double MinRoughness = 0.08;

    private const double Epsilon = 1e-4;

    /// <summary>Fresnel reflectance after Schlick: f0 + (f90 - f0) (1 - cos)^5.</summary>
    /// <param name="f0">Reflectance at normal incidence, [..., C].</param>
    /// <param name="f90">Reflectance at grazing incidence, [..., 1] or [..., C].</param>
    /// <param name="cosine">Cosine between the direction and the surface or half vector, [..., 1].</param>
    /// <returns>[..., C].</returns>
    public static Tensor FresnelSchlick(Tensor f0, Tensor f90, Tensor cosine)
    {
        using var scope = NewDisposeScope();
        var grazing = (1 - cosine.clamp(Epsilon, 1 - Epsilon)).pow(5);
        return (f0 + (f90 - f0) * grazing).MoveToOuterDisposeScope();
    }

    /// <summary>GGX distribution of normals, per steradian: alpha^2 / (pi (cos^2 (alpha^2 - 1) + 1)^2).</summary>
    /// <param name="alphaSquared">Square of alpha, [..., 1].</param>
    /// <param name="cosine">n . h, [..., 1].</param>
    /// <returns>[..., 1].</returns>
    public static Tensor NormalDistribution(Tensor alphaSquared, Tensor cosine)
    {
        using var scope = NewDisposeScope();
        var c = cosine.clamp(Epsilon, 1 - Epsilon);
        var d = (c * alphaSquared - c) * c + 1;
        return (alphaSquared / (d * d * Math.PI)).MoveToOuterDisposeScope();
    }

    /// <summary>Smith's Lambda of GGX: (sqrt(1 + alpha^2 tan^2) - 1) / 2.</summary>
    /// <param name="alphaSquared">Square of alpha, [..., 1].</param>
    /// <param name="cosine">Cosine to the normal, [..., 1].</param>
    /// <returns>[..., 1].</returns>
    public static Tensor Lambda(Tensor alphaSquared, Tensor cosine)
    {
        using var scope = NewDisposeScope();
        var squared = cosine.clamp(Epsilon, 1 - Epsilon).square();
        return (((1 + alphaSquared * ((1 - squared) / squared)).sqrt() - 1) * 0.5).MoveToOuterDisposeScope();
    }

    /// <summary>Height-correlated masking and shadowing: 1 / (1 + Lambda(l) + Lambda(v)).</summary>
    /// <param name="alphaSquared">Square of alpha, [..., 1].</param>
    /// <param name="cosineLight">n . l, [..., 1].</param>
    /// <param name="cosineView">n . v, [..., 1].</param>
    /// <returns>[..., 1].</returns>
    public static Tensor Masking(Tensor alphaSquared, Tensor cosineLight, Tensor cosineView)
    {
        using var scope = NewDisposeScope();
        return (1 / (1 + Lambda(alphaSquared, cosineLight) + Lambda(alphaSquared, cosineView))).MoveToOuterDisposeScope();
    }

    /// <summary>Diffuse reflection of a white Lambertian surface times the light's cosine: max(n . l, 0) / pi.</summary>
    /// <param name="normal">n, [..., 3].</param>
    /// <param name="light">l, [..., 3].</param>
    /// <returns>[..., 1].</returns>
    public static Tensor Lambert(Tensor normal, Tensor light)
    {
        using var scope = NewDisposeScope();
        return (Vectors.Dot(normal, light) / Math.PI).clamp_min(0).MoveToOuterDisposeScope();
    }

    /// <summary>Renormalised Disney diffuse, without the factors 1 / pi and n . l; 0 where either side looks from behind.</summary>
    /// <param name="normal">n, [..., 3].</param>
    /// <param name="light">l, [..., 3].</param>
    /// <param name="view">v, [..., 3].</param>
    /// <param name="roughness">Linear roughness, [..., 1].</param>
    /// <returns>[..., 1].</returns>
    public static Tensor Frostbite(Tensor normal, Tensor light, Tensor view, Tensor roughness)
    {
        using var scope = NewDisposeScope();
        var (lightCosine, viewCosine) = (Vectors.Dot(light, normal), Vectors.Dot(view, normal));
        var half = Vectors.Normalize(view + light);
        var f90 = 0.5 * roughness + 2 * Vectors.Dot(light, half).square() * roughness;
        var white = ones_like(f90);
        var scattered = FresnelSchlick(white, f90, lightCosine) * FresnelSchlick(white, f90, viewCosine)
            * (1 - 0.51 / 1.51 * roughness);
        return where((lightCosine > 0).logical_and(viewCosine > 0), scattered, zeros_like(scattered)).MoveToOuterDisposeScope();
    }

    /// <summary>GGX reflection times the light's cosine: F D G / (4 n . v).</summary>
    /// <param name="f0">Reflectance at normal incidence, [..., C].</param>
    /// <param name="normal">n, [..., 3].</param>
    /// <param name="view">v, [..., 3].</param>
    /// <param name="light">l, [..., 3].</param>
    /// <param name="alpha">Square of roughness, [..., 1].</param>
    /// <param name="minRoughness">alpha is at least its square.</param>
    /// <returns>[..., C]; 0 where n . l or n . v is not above 1e-4.</returns>
    public static Tensor Specular(
        Tensor f0, Tensor normal, Tensor view, Tensor light, Tensor alpha, double minRoughness = MinRoughness)
    {
        using var scope = NewDisposeScope();
        var alphaSquared = alpha.clamp(minRoughness * minRoughness, 1).square();
        var half = Vectors.Normalize(view + light);
        var (viewCosine, lightCosine) = (Vectors.Dot(view, normal), Vectors.Dot(light, normal));
        var reflected = FresnelSchlick(f0, ones_like(viewCosine), Vectors.Dot(view, half))
            * NormalDistribution(alphaSquared, Vectors.Dot(normal, half))
            * Masking(alphaSquared, viewCosine, lightCosine)
            * 0.25 / viewCosine.clamp_min(Epsilon);
        var inFront = (viewCosine > Epsilon).logical_and(lightCosine > Epsilon);
        return where(inFront, reflected, zeros_like(reflected)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// A metallic-roughness surface under a point light of unit intensity, the light's cosine included; with Frostbite's diffuse term, which
    /// holds no cosine, without.
    /// </summary>
    /// <param name="baseColour">Linear base colour, [..., 3].</param>
    /// <param name="orm">Share of the specular reflection that is occluded, roughness, metallic, [..., 3].</param>
    /// <param name="position">World positions, [..., 3].</param>
    /// <param name="normal">n, [..., 3].</param>
    /// <param name="eye">The viewer's position, [..., 3].</param>
    /// <param name="lamp">The light's position, [..., 3].</param>
    /// <param name="diffuse">Which diffuse term.</param>
    /// <param name="minRoughness">Least roughness of the highlight.</param>
    /// <returns>[..., 3].</returns>
    public static Tensor MetallicRoughness(
        Tensor baseColour, Tensor orm, Tensor position, Tensor normal, Tensor eye, Tensor lamp,
        DiffuseTerm diffuse = DiffuseTerm.Lambert, double minRoughness = MinRoughness)
    {
        using var scope = NewDisposeScope();
        var (view, light) = (Vectors.Normalize(eye - position), Vectors.Normalize(lamp - position));
        var (occluded, roughness, metallic) = (orm.narrow(-1, 0, 1), orm.narrow(-1, 1, 1), orm.narrow(-1, 2, 1));
        var f0 = (0.04 * (1 - metallic) + baseColour * metallic) * (1 - occluded);
        var scattered = diffuse == DiffuseTerm.Lambert
            ? Lambert(normal, light)
            : Frostbite(normal, light, view, roughness);
        var result = baseColour * (1 - metallic) * scattered
            + Specular(f0, normal, view, light, roughness.square(), minRoughness);
        return result.MoveToOuterDisposeScope();
    }
}

/// <summary>A model of diffuse reflection.</summary>
public enum DiffuseTerm
{
    /// <summary>Equal in all directions; what glTF specifies.</summary>
    Lambert,

    /// <summary>Renormalised Disney: depends on roughness and view.</summary>
    Frostbite,
}
