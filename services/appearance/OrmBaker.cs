using System.Numerics;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;

namespace Realiz3D.Mesh.Texturing;

/// <summary>Where occlusion, roughness and metallic come from when no view shows them.</summary>
/// <param name="Material">Material of the detailed mesh, or of the mesh itself.</param>
/// <param name="Occluder">The mesh that hides the sky.</param>
/// <param name="Detail">The detailed surface beside each texel; null for the mesh itself.</param>
internal sealed record OrmSource(SourceMaterial Material, TriangleMesh Occluder, DetailSurface? Detail);

/// <summary>Bakes the texture of occlusion (R), roughness (G) and metallic (B).</summary>
internal static class OrmBaker
{
    /// <summary>Bakes it from views, else from the detailed mesh.</summary>
    /// <param name="mesh">The mesh, with texture coordinates.</param>
    /// <param name="views">Views of the three values; null without.</param>
    /// <param name="source">Where they come from without views.</param>
    /// <param name="job">Asked roughness and metallic, which count before all others, and rays.</param>
    /// <param name="config">How.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>The texture, [S, S], and the mean of the occlusion over the used texels.</returns>
    public static (Vector3[] Orm, double Occlusion) Bake(
        TriangleMesh mesh, ViewSet? views, OrmSource source, BakeJob job, SurfaceBakeConfig config, CancellationToken cancel)
    {
        var orm = views is null
            ? SurfaceBaker.Bake(mesh, Field(source, job), config, cancel)
            : ViewBaker.Bake(mesh, views, new ViewBakeConfig(config.TextureSize, Lit: false), cancel).Linear;
        orm = Array.ConvertAll(orm, value => new Vector3(value.X, job.Roughness ?? value.Y, job.Metallic ?? value.Z));
        return (orm, SurfaceBaker.UsedTexels(mesh, config.TextureSize).Select(texel => (double)orm[texel].X).DefaultIfEmpty(1).Average());
    }

    private static Func<Vector3, Vector3, Vector3> Field(OrmSource source, BakeJob job)
    {
        var sky = new AmbientOcclusion(source.Occluder, job.RayCount);
        return (place, normal) =>
        {
            var (beside, direction) = source.Detail?.Beside(place, normal) ?? (place, normal);
            var (roughness, metallic) = source.Material.RoughnessAndMetallic(place, normal);
            return new Vector3(sky.At(beside, direction), roughness, metallic);
        };
    }
}
