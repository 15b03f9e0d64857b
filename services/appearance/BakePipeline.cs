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
/// 1. read the artifacts  2. lay the surface flat, unless its own texture coordinates do  3. base colour: from the views, else from
/// the detailed mesh  4. normals and occlusion of the detailed mesh beside each texel  5. textures and GLB  6. store them.
/// </remarks>
internal sealed class BakePipeline(ArtifactStore store, IOptions<AppearanceOptions> options)
{
    private const int StepCount = 6;
    private const float Reach = 0.2f; // of the mesh's radius: how far a detailed mesh may lie from it

    private sealed record Sources(GlbAsset Mesh, GlbAsset? Detail, ViewSet? Views);

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
            ? AlbedoBaker.Bake(mesh, views, new AlbedoBakeConfig(config.TextureSize), cancel)
            : new AlbedoTexture(config.TextureSize, SurfaceBaker.Bake(mesh, source.BaseColor, config, cancel), Coverage: 1), cancel);

        // 4. normals and occlusion
        yield return new BakeUpdate.Step(3, StepCount, "baking normals and occlusion", MeshPreview.Of(mesh, albedo));
        var detail = sources.Detail is null ? null : new DetailSurface(sources.Detail.Mesh, Reach * (float)MeshBounds.Of(mesh).Radius);
        var normals = detail is null ? null : await Task.Run(
            () => NormalMapBaker.Bake(mesh, (place, normal) => detail.Beside(place, normal).Normal, config, cancel), cancel);
        var (orm, occlusion) = await Task.Run(() => Orm(mesh, sources, detail, source, job, config, cancel), cancel);

        // 5. textures and GLB
        yield return new BakeUpdate.Step(4, StepCount, "writing textures", MeshPreview.Of(mesh, albedo));
        var unseen = sources.Views is null ? "" : await store.PutAsync(albedo.UnseenPng(), cancel);
        var result = new BakedAsset
        {
            UnseenArtifactId = unseen, TexelCoverage = albedo.Coverage, MeanOcclusion = occlusion, Unwrapped = unwraps,
            TextureSize = config.TextureSize,
        };
        var glb = await Task.Run(() => Assemble(mesh, albedo, orm, normals, result), cancel);

        // 6. store
        yield return new BakeUpdate.Step(5, StepCount, "storing the asset", []);
        result.AssetArtifactId = await store.PutAsync(glb, cancel);
        yield return new BakeUpdate.Finished(result);
    }

    private async Task<Sources> ReadAsync(BakeJob job, CancellationToken cancel) => new(
        await ReadMeshAsync(job.MeshId, "the mesh artifact", options.Value.MaxFaces, cancel),
        job.DetailId is { } detail ? await ReadMeshAsync(detail, "the detail artifact", options.Value.MaxDetailFaces, cancel) : null,
        job.ViewsId is { } views ? ViewSet.Parse(await store.ReadAsync(views, cancel), "the views artifact") : null);

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
        var given = sources.Mesh.Mesh with { Tangents = null };
        var flat = unwraps ? UvUnwrap.Unwrap(given with { Uvs = null }, options.Value.UnwrapConfig(size), cancel).Mesh : given;
        return sources.Detail is null ? flat : TangentFrames.Of(flat);
    }

    private static (Vector3[] Orm, double Occlusion) Orm(
        TriangleMesh mesh, Sources sources, DetailSurface? detail, SourceMaterial source, BakeJob job, SurfaceBakeConfig config,
        CancellationToken cancel)
    {
        var sky = new AmbientOcclusion((sources.Detail ?? sources.Mesh).Mesh, job.RayCount);
        var (sum, count) = (0.0, 0);
        var orm = SurfaceBaker.Bake(mesh, (places, directions) =>
        {
            var values = SurfaceBaker.InParallel(places, directions, At, cancel);
            (sum, count) = (sum + values.Sum(value => (double)value.X), count + values.Length);
            return values;
        }, config, cancel);
        return (orm, count > 0 ? sum / count : 1);

        Vector3 At(Vector3 place, Vector3 normal)
        {
            var (beside, direction) = detail?.Beside(place, normal) ?? (place, normal);
            var (roughness, metallic) = source.RoughnessAndMetallic(place, normal);
            return new Vector3(sky.At(beside, direction), job.Roughness ?? roughness, job.Metallic ?? metallic);
        }
    }

    private static byte[] Assemble(TriangleMesh mesh, AlbedoTexture albedo, Vector3[] orm, Vector3[]? normals, BakedAsset result)
    {
        var extras = new JsonObject
        {
            ["appearance"] = new JsonObject
            {
                ["texelCoverage"] = result.TexelCoverage,
                ["unseenMask"] = result.UnseenArtifactId,
                ["meanOcclusion"] = result.MeanOcclusion,
                ["unwrapped"] = result.Unwrapped,
            },
        };
        var textures = new GlbMaterial(albedo.ToPng(), TexturePng.Linear(orm, albedo.Size))
        {
            NormalPng = normals is null ? null : TexturePng.Linear(normals, albedo.Size),
        };
        return Glb.Write(new GlbAsset(mesh, textures, extras));
    }
}
