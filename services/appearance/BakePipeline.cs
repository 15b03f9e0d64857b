using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Realiz3D.Mesh.Contracts.Texturing.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Texturing;

/// <summary>From a simple mesh, a detailed one and views to an asset with three textures.</summary>
/// <remarks>
/// 1. read the artifacts  2. lay the surface flat, unless its own texture coordinates do  3. base colour  4. normals, and occlusion with
/// roughness and metallic  5. textures and GLB  6. store them. Each texture comes from views where there are such, else from the detailed
/// mesh beside each texel.
/// </remarks>
internal sealed class BakePipeline(ArtifactStore store, IOptions<AppearanceOptions> options)
{
    private const int StepCount = 6;
    private const float Reach = 0.2f; // of the mesh's radius: how far a detailed mesh may lie from it

    private sealed record Sources(GlbAsset Mesh, GlbAsset? Detail, ViewSet? Views, ViewSet? OrmViews, ViewSet? NormalViews);

    /// <summary>Runs the steps; each is reported as it begins, the asset at the end.</summary>
    /// <exception cref="ArtifactNotFoundException">An artifact does not exist.</exception>
    /// <exception cref="MalformedFileException">An artifact is not what it should be.</exception>
    /// <exception cref="UnwrapException">The mesh cannot be laid flat within the limits.</exception>
    public async IAsyncEnumerable<BakeUpdate> RunAsync(BakeJob job, [EnumeratorCancellation] CancellationToken cancel)
    {
        var config = new SurfaceBakeConfig(job.TextureSize ?? options.Value.TextureSize);

        // 1. read
        yield return new BakeUpdate.Step(0, StepCount, "reading meshes and views", []);
        var sources = await ReadAsync(job, cancel);
        var source = await Task.Run(() => new SourceMaterial(sources.Detail ?? sources.Mesh, "the detailed mesh's artifact"), cancel);

        // 2. lay flat
        yield return new BakeUpdate.Step(1, StepCount, "unwrapping", MeshPreview.Of(sources.Mesh.Mesh));
        var unwraps = UvLayout.Fault(sources.Mesh.Mesh, config.TextureSize) is not null;
        var mesh = await Task.Run(() => LayFlat(sources, unwraps, config.TextureSize, cancel), cancel);

        // 3. base colour
        yield return new BakeUpdate.Step(2, StepCount, "baking base colour", MeshPreview.Of(mesh));
        var albedo = await Task.Run(() => sources.Views is { } views
            ? ViewBaker.Bake(mesh, views, new ViewBakeConfig(config.TextureSize, Lit: job.Lit), cancel)
            : new AlbedoTexture(config.TextureSize, SurfaceBaker.Bake(mesh, source.BaseColor, config, cancel), Coverage: 1), cancel);

        // 4. normals and occlusion
        yield return new BakeUpdate.Step(3, StepCount, "baking normals and occlusion", MeshPreview.Of(mesh, albedo));
        var detail = sources.Detail is null ? null : new DetailSurface(sources.Detail.Mesh, Reach * (float)MeshBounds.Of(mesh).Radius);
        var normals = await Task.Run(() => Normals(mesh, sources, detail, config, cancel), cancel);
        var ormSource = new OrmSource(source, (sources.Detail ?? sources.Mesh).Mesh, detail);
        var (orm, occlusion) = await Task.Run(() => OrmBaker.Bake(mesh, sources.OrmViews, ormSource, job, config, cancel), cancel);

        // 5. textures and GLB
        yield return new BakeUpdate.Step(4, StepCount, "writing textures", MeshPreview.Of(mesh, albedo));
        var unseen = sources.Views is null ? "" : await store.PutAsync(albedo.UnseenPng(), cancel);
        var result = new BakedAsset
        {
            UnseenArtifactId = unseen, TexelCoverage = albedo.Coverage, MeanOcclusion = occlusion, Unwrapped = unwraps,
            TextureSize = config.TextureSize,
        };
        var material = Kept(sources.Mesh.Material, unwraps) with
        {
            BaseColorPng = albedo.ToPng(),
            OrmPng = TexturePng.Linear(orm, albedo.Size),
        };
        material = normals is null ? material : material with { NormalPng = TexturePng.Linear(normals, albedo.Size), NormalScale = 1 };
        var glb = await Task.Run(() => Glb.Write(new GlbAsset(mesh, material, Extras(result))), cancel);

        // 6. store
        yield return new BakeUpdate.Step(5, StepCount, "storing the asset", []);
        result.AssetArtifactId = await store.PutAsync(glb, cancel);
        yield return new BakeUpdate.Finished(result);
    }

    private async Task<Sources> ReadAsync(BakeJob job, CancellationToken cancel) => new(
        await ReadMeshAsync(job.MeshId, "the mesh artifact", options.Value.MaxFaces, cancel),
        job.DetailId is { } detail ? await ReadMeshAsync(detail, "the detail artifact", options.Value.MaxDetailFaces, cancel) : null,
        await ReadViewsAsync(job.ViewsId, "the views artifact", cancel),
        await ReadViewsAsync(job.OrmViewsId, "the ORM views artifact", cancel),
        job.ControlsId is { } controls
            ? NormalViews.Of(ControlSet.Parse(await store.ReadAsync(controls, cancel), "the controls artifact")) : null);

    private async Task<ViewSet?> ReadViewsAsync(string? id, string name, CancellationToken cancel) =>
        id is null ? null : ViewSet.Parse(await store.ReadAsync(id, cancel), name);

    // Normals are made before the surface is cut, and travel with the vertices.
    private async Task<GlbAsset> ReadMeshAsync(string id, string name, int maxFaces, CancellationToken cancel)
    {
        var asset = Glb.Read(await store.ReadAsync(id, cancel), name);
        if (asset.Mesh.FaceCount == 0 || asset.Mesh.FaceCount > maxFaces)
        {
            throw new MalformedFileException(name, $"{asset.Mesh.FaceCount} triangles; 1 to {maxFaces} are taken. Decimate the mesh.");
        }

        return asset with { Mesh = asset.Mesh with { Normals = asset.Mesh.Normals ?? asset.Mesh.AreaWeightedNormals() } };
    }

    // With a normal map the asset carries the tangents that it was baked for.
    private TriangleMesh LayFlat(Sources sources, bool unwraps, int size, CancellationToken cancel)
    {
        var given = sources.Mesh.Mesh;
        var flat = unwraps
            ? UvUnwrap.Unwrap(given with { Uvs = null, Tangents = null }, options.Value.UnwrapConfig(size), cancel).Mesh
            : given;
        return sources is { Detail: null, NormalViews: null } ? flat : TangentFrames.Of(flat with { Tangents = null });
    }

    private static Vector3[]? Normals(
        TriangleMesh mesh, Sources sources, DetailSurface? detail, SurfaceBakeConfig config, CancellationToken cancel)
    {
        if (sources.NormalViews is { } views)
        {
            // Point samples, so that there is no average to correct for; creases between charts are real.
            var seen = new ViewBakeConfig(config.TextureSize, Corrections: 0, Lit: false, LevelSeams: false);
            return NormalMapBaker.Bake(mesh, ViewBaker.Bake(mesh, views, seen, cancel), config.DilationTexels, cancel);
        }

        return detail is null
            ? null
            : NormalMapBaker.Bake(mesh, (place, normal) => detail.Beside(place, normal).Normal, config, cancel);
    }

    // What of the mesh's own material stays: all that the textures do not replace where its texture coordinates are kept, else what needs none.
    private static GlbMaterial Kept(GlbMaterial own, bool unwraps) => unwraps
        ? new GlbMaterial { DoubleSided = own.DoubleSided, Ior = own.Ior }
        : own with
        {
            BaseColorFactor = Vector4.One,
            MetallicFactor = 1,
            RoughnessFactor = 1,
            AlphaMode = GlbAlphaMode.Opaque,
            OcclusionPng = null,
            OrmHasOcclusion = true,
            OcclusionStrength = 1,
        };

    private static JsonObject Extras(BakedAsset result) => new()
    {
        ["appearance"] = new JsonObject
        {
            ["texelCoverage"] = result.TexelCoverage,
            ["unseenMask"] = result.UnseenArtifactId,
            ["meanOcclusion"] = result.MeanOcclusion,
            ["unwrapped"] = result.Unwrapped,
        },
    };
}
