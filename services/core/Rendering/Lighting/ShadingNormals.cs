using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Normals to shade with: a normal map on a smooth surface, kept from facing away from the viewer.</summary>
/// <remarks>
/// After Munkberg et al. 2022 (arXiv:2111.12503): the tangent frame is normal n, tangent t and b = normalize(t x n); where the shading
/// normal is nearly perpendicular to the view or behind it, it is bent towards the geometric one.
/// </remarks>
public static class ShadingNormals
{
    private const double BendBelow = 0.1;

    /// <summary>Turns normals of a normal map into world space and bends them.</summary>
    /// <param name="position">World positions, [..., 3].</param>
    /// <param name="eye">The viewer's position, [..., 3].</param>
    /// <param name="mapped">Normals of the map in tangent space, [..., 3]; their z counts only above 0.</param>
    /// <param name="smooth">Interpolated vertex normals, [..., 3].</param>
    /// <param name="tangent">Interpolated tangents, [..., 3].</param>
    /// <param name="geometric">Normals of the triangles, [..., 3].</param>
    /// <param name="twoSided">Whether a triangle seen from behind is shaded as if turned round.</param>
    /// <param name="upIsPositive">Whether the map's y points up, as in glTF and OpenGL; else down, as in Direct3D.</param>
    /// <returns>World normals, [..., 3]. Bent ones are a blend of two unit vectors and not normalised again.</returns>
    public static Tensor Of(
        Tensor position, Tensor eye, Tensor mapped, Tensor smooth, Tensor tangent, Tensor geometric, bool twoSided, bool upIsPositive = true)
    {
        using var scope = NewDisposeScope();
        var view = Vectors.Normalize(eye - position);
        var shading = ToWorld(mapped, Vectors.Normalize(smooth), Vectors.Normalize(tangent), upIsPositive);
        if (twoSided)
        {
            var inFront = Vectors.Dot(geometric, view) > 0;
            (shading, geometric) = (where(inFront, shading, -shading), where(inFront, geometric, -geometric));
        }

        var share = (Vectors.Dot(view, shading) / BendBelow).clamp(0, 1);
        return (geometric + (shading - geometric) * share).MoveToOuterDisposeScope();
    }

    private static Tensor ToWorld(Tensor mapped, Tensor normal, Tensor tangent, bool upIsPositive)
    {
        var bitangent = Vectors.Normalize(linalg.cross(tangent, normal, -1));
        var up = mapped.narrow(-1, 1, 1) * (upIsPositive ? -1 : 1);     // t x n points down where n x t points up
        return Vectors.Normalize(
            tangent * mapped.narrow(-1, 0, 1) + bitangent * up + normal * mapped.narrow(-1, 2, 1).clamp_min(0));
    }
}
