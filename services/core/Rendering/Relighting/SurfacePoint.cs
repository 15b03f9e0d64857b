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
        var mesh = asset.Mesh;
        Span<float> weights = [(float)hit.U, (float)hit.V, (float)(1 - hit.U - hit.V)];
        var (position, normal, tangent, u, v) = (Vector3.Zero, Vector3.Zero, Vector4.Zero, 0.0, 0.0);
        for (var corner = 0; corner < 3; corner++)
        {
            var vertex = mesh.Indices[(3 * hit.Face) + corner];
            position += weights[corner] * mesh.Position(vertex);
            normal += weights[corner] * new Vector3(mesh.Normals!.AsSpan(3 * vertex, 3));
            tangent += weights[corner] * new Vector4(mesh.Tangents!.AsSpan(4 * vertex, 4));
            u += (double)weights[corner] * mesh.Uvs![2 * vertex];
            v += (double)weights[corner] * mesh.Uvs[(2 * vertex) + 1];
        }

        var material = asset.Materials[asset.MaterialOfFace[hit.Face]];
        var outward = asset.FaceNormal(hit.Face);
        var shading = Perturbed(material, Unit(normal), tangent, u, v);
        if (Vector3.Dot(outward, view) <= 0)
        {
            (outward, shading) = (-outward, -shading);
        }

        var share = Math.Clamp(Vector3.Dot(view, shading) / BendBelow, 0, 1);
        shading = Unit(Vector3.Lerp(outward, shading, share));

        Span<float> texel = [1, 1, 1];
        material.BaseColour?.Sample(u, v, texel);
        var colour = material.BaseColourFactor * new Vector3(texel);
        if (material.Source.Unlit)
        {
            return new SurfacePoint(position, outward, shading, null, colour);
        }

        texel.Fill(1);
        material.Emissive?.Sample(u, v, texel);
        var emitted = material.EmissiveFactor * new Vector3(texel);
        texel.Fill(1);
        material.RoughnessMetallic?.Sample(u, v, texel);
        var matter = SurfaceMatter.MetallicRoughness(
            colour, texel[0] * material.Source.RoughnessFactor, texel[1] * material.Source.MetallicFactor, material.Dielectric);
        return new SurfacePoint(position, outward, shading, matter, emitted);
    }

    private static Vector3 Perturbed(PbrMaterial material, Vector3 normal, Vector4 tangent, double u, double v)
    {
        var along = new Vector3(tangent.X, tangent.Y, tangent.Z);
        if (material.Normal is null || along == Vector3.Zero)
        {
            return normal;
        }

        Span<float> texel = stackalloc float[3];
        material.Normal.Sample(u, v, texel);
        var scale = material.Source.NormalScale;
        var mapped = new Vector3(((2 * texel[0]) - 1) * scale, ((2 * texel[1]) - 1) * scale, Math.Max((2 * texel[2]) - 1, 0));
        along = Unit(along);
        var across = Unit(Vector3.Cross(normal, along)) * (tangent.W < 0 ? -1 : 1);
        return Unit((along * mapped.X) + (across * mapped.Y) + (normal * mapped.Z));
    }

    private static Vector3 Unit(Vector3 vector) => vector == Vector3.Zero ? vector : Vector3.Normalize(vector);
}
