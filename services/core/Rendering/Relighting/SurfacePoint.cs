using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>An asset's surface where a ray meets it.</summary>
/// <param name="Position">World position.</param>
/// <param name="Outward">The triangle's unit normal, on the ray's side.</param>
/// <param name="Normal">The normal to shade with.</param>
/// <param name="Matter">What it is made of; null where it is shown without light.</param>
/// <param name="Emitted">Its own light, linear RGB.</param>
internal readonly record struct SurfacePoint(Vector3 Position, Vector3 Outward, Vector3 Normal, SurfaceMatter? Matter, Vector3 Emitted)
{
    private const float BendBelow = 0.1f;

    /// <summary>Reads textures and normals, as <see cref="SplitSumRenderer"/> and <see cref="ShadingNormals"/> do in tensors.</summary>
    /// <param name="asset">The asset.</param>
    /// <param name="hit">Where.</param>
    /// <param name="view">Unit direction to where the ray came from.</param>
    public static SurfacePoint Of(PbrAsset asset, in SurfaceHit hit, Vector3 view)
    {
        Span<float> weights = [(float)hit.U, (float)hit.V, (float)(1 - hit.U - hit.V)];
        var at = SurfaceAttributes.Of(asset.Mesh, hit.Face, weights);
        var material = asset.Materials[asset.MaterialOfFace[hit.Face]];
        var outward = asset.FaceNormal(hit.Face);
        var shading = at.ShadingNormal(material);
        if (Vector3.Dot(outward, view) <= 0)
        {
            (outward, shading) = (-outward, -shading);
        }

        var share = Math.Clamp(Vector3.Dot(view, shading) / BendBelow, 0, 1);
        shading = SurfaceAttributes.Unit(Vector3.Lerp(outward, shading, share));

        Span<float> texel = [1, 1, 1];
        material.BaseColour?.Sample(at.U, at.V, texel);
        var colour = material.BaseColourFactor * new Vector3(texel);
        if (material.Source.Unlit)
        {
            return new SurfacePoint(at.Position, outward, shading, null, colour);
        }

        texel.Fill(1);
        material.Emissive?.Sample(at.U, at.V, texel);
        var emitted = material.EmissiveFactor * new Vector3(texel);
        texel.Fill(1);
        material.RoughnessMetallic?.Sample(at.U, at.V, texel);
        var matter = SurfaceMatter.MetallicRoughness(
            colour, texel[0] * material.Source.RoughnessFactor, texel[1] * material.Source.MetallicFactor, material.Dielectric);
        return new SurfacePoint(at.Position, outward, shading, matter, emitted);
    }
}
