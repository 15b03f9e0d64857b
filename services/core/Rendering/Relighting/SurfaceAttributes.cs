using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>What an asset's vertices carry, between them.</summary>
/// <param name="Position">World position.</param>
/// <param name="Normal">Normal, not of unit length.</param>
/// <param name="Tangent">Tangent, not of unit length, and its sign; 0 where the asset has or needs none.</param>
/// <param name="U">0 to 1 from the texture's left.</param>
/// <param name="V">0 to 1 from its top.</param>
internal readonly record struct SurfaceAttributes(Vector3 Position, Vector3 Normal, Vector4 Tangent, double U, double V)
{
    /// <summary>The weighted sum of a triangle's corners.</summary>
    /// <param name="mesh">The mesh of a <see cref="PbrAsset"/>.</param>
    /// <param name="face">The triangle.</param>
    /// <param name="weights">Of its three corners.</param>
    public static SurfaceAttributes Of(TriangleMesh mesh, int face, ReadOnlySpan<float> weights)
    {
        var (position, normal, tangent, u, v) = (Vector3.Zero, Vector3.Zero, Vector4.Zero, 0.0, 0.0);
        for (var corner = 0; corner < 3; corner++)
        {
            var vertex = mesh.Indices[(3 * face) + corner];
            position += weights[corner] * mesh.Position(vertex);
            normal += weights[corner] * new Vector3(mesh.Normals!.AsSpan(3 * vertex, 3));
            tangent += weights[corner] * new Vector4(mesh.Tangents!.AsSpan(4 * vertex, 4));
            u += (double)weights[corner] * mesh.Uvs![2 * vertex];
            v += (double)weights[corner] * mesh.Uvs[(2 * vertex) + 1];
        }

        return new SurfaceAttributes(position, normal, tangent, u, v);
    }

    /// <summary>The unit normal to shade with: the interpolated one, turned by the material's normal map.</summary>
    /// <param name="material">The material there.</param>
    public Vector3 ShadingNormal(PbrMaterial material)
    {
        var (normal, along) = (Unit(Normal), new Vector3(Tangent.X, Tangent.Y, Tangent.Z));
        if (material.Normal is null || along == Vector3.Zero)
        {
            return normal;
        }

        Span<float> texel = stackalloc float[3];
        material.Normal.Sample(U, V, texel);
        var scale = material.Source.NormalScale;
        var mapped = new Vector3(((2 * texel[0]) - 1) * scale, ((2 * texel[1]) - 1) * scale, Math.Max((2 * texel[2]) - 1, 0));
        along = Unit(along);
        var across = Unit(Vector3.Cross(normal, along)) * (Tangent.W < 0 ? -1 : 1);
        return Unit((along * mapped.X) + (across * mapped.Y) + (normal * mapped.Z));
    }

    /// <summary>A vector of length 1; 0 stays 0.</summary>
    public static Vector3 Unit(Vector3 vector) => vector == Vector3.Zero ? vector : Vector3.Normalize(vector);
}
