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
/// 1. read the artifacts  2. lay the surface flat, unless its own texture coordinates do  3. base colour, and own light  4. normals, and
/// occlusion with roughness and metallic  5. textures and GLB  6. store them. Each texture comes from views where there are such, else from
/// the detailed mesh beside each texel.
/// </remarks>
internal sealed class BakePipeline(ArtifactStore store, IOptions<AppearanceOptions> options)
{
    private const int StepCount = 6;
    private const float Reach = 0.2f; // of the mesh's radius: how far a detailed mesh may lie from it

    // Look is the detailed mesh's, or the mesh's own where there is none.
    private sealed record Sources(GlbAsset Mesh, PbrAsset Look, bool HasDetail, ViewSet? Views, ViewSet? OrmViews, ViewSet? NormalViews);

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
        var source = await Task.Run(() => new SourceMaterial(sources.Look), cancel);

        // 2. lay flat
        yield return new BakeUpdate.Step(1, StepCount, "unwrapping", MeshPreview.Of(sources.Mesh.Mesh));
        var unwraps = UvLayout.Fault(sources.Mesh.Mesh, config.TextureSize) is not null;
        var replaces = sources.HasDetail || unwraps;      // what the mesh wears itself does not fit it any more, or is not wanted
        var bakesNormals = sources.HasDetail || sources.NormalViews is not null || (unwraps && sources.Look.HasNormalMap);
        var mesh = await Task.Run(() => LayFlat(sources.Mesh.Mesh, unwraps, bakesNormals, config.TextureSize, cancel), cancel);

        // 3. base colour, and own light
        yield return new BakeUpdate.Step(2, StepCount, "baking base colour", MeshPreview.Of(mesh));
        var albedo = await Task.Run(() => sources.Views is { } views
            ? ViewBaker.Bake(mesh, views, new ViewBakeConfig(config.TextureSize, Lit: job.Lit), cancel)
            : new AlbedoTexture(config.TextureSize, SurfaceBaker.Bake(mesh, source.BaseColor, config, cancel), Coverage: 1), cancel);

        var brightest = replaces ? sources.Look.LargestEmission : 0;
        var glow = brightest == 0 ? null : await Task.Run(
            () => SurfaceBaker.Bake(mesh, (place, normal) => source.Emitted(place, normal) / brightest, config, cancel), cancel);

        // 4. normals and occlusion
        yield return new BakeUpdate.Step(3, StepCount, "baking normals and occlusion", MeshPreview.Of(mesh, albedo));
        var detail = new DetailSurface(sources.Look, Reach * (float)MeshBounds.Of(mesh).Radius);
        var normals = bakesNormals ? await Task.Run(() => Normals(mesh, sources.NormalViews, detail, config, cancel), cancel) : null;
        var ormSource = new OrmSource(source, sources.Look.Mesh, sources.HasDetail ? detail : null);
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
        material = normals is null ? material : material with
        {
            NormalPng = TexturePng.Linear(normals, albedo.Size),
            NormalScale = 1,
            Samplers = material.Samplers with { Normal = GlbSampler.Atlas },
        };
        material = glow is null ? material : material with
        {
            EmissivePng = TexturePng.Srgb(glow, albedo.Size),
            EmissiveFactor = new Vector3(Math.Min(brightest, 1)),
            EmissiveStrength = Math.Max(brightest, 1),
            Samplers = material.Samplers with { Emissive = GlbSampler.Atlas },
        };
        var glb = await Task.Run(() => Glb.Write(new GlbAsset(mesh, material, Extras(result))), cancel);

        // 6. store
        yield return new BakeUpdate.Step(5, StepCount, "storing the asset", []);
        result.AssetArtifactId = await store.PutAsync(glb, cancel);
        yield return new BakeUpdate.Finished(result);
    }

    private async Task<Sources> ReadAsync(BakeJob job, CancellationToken cancel)
    {
        const string OwnName = "the mesh artifact";
        const string DetailName = "the detail artifact";
        var own = await ReadMeshAsync(job.MeshId, OwnName, options.Value.MaxFaces, cancel);
        var detail = job.DetailId is { } id ? await ReadMeshAsync(id, DetailName, options.Value.MaxDetailFaces, cancel) : null;
        return new Sources(
            own.Join(),
            await Task.Run(() => PbrAsset.Of(detail ?? own, detail is null ? OwnName : DetailName), cancel),
            detail is not null,
            await ReadViewsAsync(job.ViewsId, "the views artifact", cancel),
            await ReadViewsAsync(job.OrmViewsId, "the ORM views artifact", cancel),
            job.ControlsId is { } controls
                ? NormalViews.Of(ControlSet.Parse(await store.ReadAsync(controls, cancel), "the controls artifact")) : null);
    }

    private async Task<ViewSet?> ReadViewsAsync(string? id, string name, CancellationToken cancel) =>
        id is null ? null : ViewSet.Parse(await store.ReadAsync(id, cancel), name);

    private async Task<GlbScene> ReadMeshAsync(string id, string name, int maxFaces, CancellationToken cancel)
    {
        var scene = Glb.ReadScene(await store.ReadAsync(id, cancel), name);
        var faces = scene.Parts.Sum(part => (long)part.Mesh.FaceCount);
        return faces > 0 && faces <= maxFaces
            ? scene
            : throw new MalformedFileException(name, $"{faces} triangles; 1 to {maxFaces} are taken. Decimate the mesh.");
    }

    // Normals are made before the surface is cut, and travel with the vertices. With a normal map the asset carries the tangents that it was
    // baked for.
    private TriangleMesh LayFlat(TriangleMesh given, bool unwraps, bool bakesNormals, int size, CancellationToken cancel)
    {
        given = given with { Normals = given.Normals ?? given.AreaWeightedNormals() };
        var flat = unwraps
            ? UvUnwrap.Unwrap(given with { Uvs = null, Tangents = null }, options.Value.UnwrapConfig(size), cancel).Mesh
            : given;
        return bakesNormals ? TangentFrames.Of(flat with { Tangents = null }) : flat;
    }

    private static Vector3[] Normals(
        TriangleMesh mesh, ViewSet? views, DetailSurface detail, SurfaceBakeConfig config, CancellationToken cancel)
    {
        if (views is not null)
        {
            // Point samples, so that there is no average to correct for; creases between charts are real.
            var seen = new ViewBakeConfig(config.TextureSize, Corrections: 0, Lit: false, LevelSeams: false);
            return NormalMapBaker.Bake(mesh, ViewBaker.Bake(mesh, views, seen, cancel), config.DilationTexels, cancel);
        }

        return NormalMapBaker.Bake(mesh, detail.ShadingNormalBeside, config, cancel);
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
            Samplers = own.Samplers with { BaseColor = GlbSampler.Atlas, Orm = GlbSampler.Atlas, Occlusion = GlbSampler.Atlas },
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
