using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>What an asset's material says at a place of its surface.</summary>
/// <param name="BaseColor">Linear RGB.</param>
/// <param name="RoughnessMetallic">Both 0 to 1; null where the material has no texture of them.</param>
/// <param name="Emitted">Its own light, linear RGB.</param>
public readonly record struct SurfaceLook(Vector3 BaseColor, (float Roughness, float Metallic)? RoughnessMetallic, Vector3 Emitted)
{
    /// <summary>Reads the textures of the material that a place wears.</summary>
    /// <param name="asset">The asset.</param>
    /// <param name="place">A place on its mesh.</param>
    /// <returns>What they say, times the material's factors.</returns>
    public static SurfaceLook Of(PbrAsset asset, SurfacePlace place)
    {
        var material = asset.Materials[asset.MaterialOfFace[place.Face]];
        Span<float> weights = [place.U, place.V, 1 - place.U - place.V];
        var at = SurfaceAttributes.Of(asset.Mesh, place.Face, weights);
        Span<float> texel = [1, 1, 1];
        material.BaseColour?.Sample(at.U, at.V, texel);
        var color = material.BaseColourFactor * new Vector3(texel);
        texel.Fill(1);
        material.Emissive?.Sample(at.U, at.V, texel);
        var emitted = material.EmissiveFactor * new Vector3(texel);
        material.RoughnessMetallic?.Sample(at.U, at.V, texel);
        (float, float)? matter = material.RoughnessMetallic is null
            ? null : (texel[0] * material.Source.RoughnessFactor, texel[1] * material.Source.MetallicFactor);
        return new SurfaceLook(color, matter, emitted);
    }
}
