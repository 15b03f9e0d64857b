using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Texturing;

/// <summary>From a mesh and its views to an asset.</summary>
/// <remarks>
/// 1. read mesh and views  2. lay the surface flat  3. back-project the views, divide the light out, fill the rest
/// 4. choose the material, write the textures into a GLB  5. store it.
/// </remarks>
internal sealed class TexturePipeline(ArtifactStore store, IOptions<AppearanceOptions> options)
{
    private const int StepCount = 5;

    /// <summary>Runs the steps; each is reported as it begins, the asset at the end.</summary>
    /// <exception cref="ArtifactNotFoundException">An artifact does not exist.</exception>
    /// <exception cref="MalformedFileException">An artifact is not what it should be.</exception>
    /// <exception cref="UnwrapException">The mesh cannot be laid flat within the limits.</exception>
    public async IAsyncEnumerable<TextureUpdate> RunAsync(
        TextureJob job, [EnumeratorCancellation] CancellationToken cancel)
    {
        var size = job.TextureSize ?? options.Value.TextureSize;

        // 1. read
        yield return new TextureUpdate.Step(0, StepCount, "reading mesh and views", []);
        var mesh = ReadMesh(await store.ReadAsync(job.MeshId, cancel));
        var views = ViewSet.Parse(await store.ReadAsync(job.ViewsId, cancel), "the views artifact");

        // 2. lay flat
        yield return new TextureUpdate.Step(1, StepCount, "unwrapping", MeshPreview.Of(mesh));
        var unwrapped = await Task.Run(() => UvUnwrap.Unwrap(mesh, options.Value.UnwrapConfig(size), cancel).Mesh, cancel);

        // 3. back-project
        yield return new TextureUpdate.Step(2, StepCount, "projecting views", MeshPreview.Of(unwrapped));
        var albedo = await Task.Run(() => ViewBaker.Bake(unwrapped, views, new ViewBakeConfig(size), cancel), cancel);

        // 4. material, textures, GLB
        yield return new TextureUpdate.Step(3, StepCount, "writing textures", MeshPreview.Of(unwrapped, albedo));
        var material = MaterialChoice.For(job);
        var unseen = await store.PutAsync(albedo.UnseenPng(), cancel);
        var glb = await Task.Run(() => Assemble(unwrapped, albedo, material, unseen), cancel);

        // 5. store
        yield return new TextureUpdate.Step(4, StepCount, "storing the asset", []);
        var id = await store.PutAsync(glb, cancel);
        yield return new TextureUpdate.Finished(id, albedo.Coverage, material, size, unseen);
    }

    // Normals are made before the surface is cut, and travel with the vertices.
    private static TriangleMesh ReadMesh(byte[] bytes)
    {
        var mesh = Glb.Read(bytes, "the mesh artifact").Mesh;
        return mesh with { Uvs = null, Tangents = null, Normals = mesh.Normals ?? mesh.AreaWeightedNormals() };
    }

    private static byte[] Assemble(TriangleMesh mesh, AlbedoTexture albedo, MaterialChoice material, string unseen)
    {
        var extras = new JsonObject
        {
            ["appearance"] = new JsonObject
            {
                ["texelCoverage"] = albedo.Coverage,
                ["unseenMask"] = unseen,
                ["roughness"] = material.Roughness,
                ["metallic"] = material.Metallic,
                ["materialSource"] = material.SourceName,
                ["materialWord"] = material.Word,
            },
        };
        var textures = new GlbMaterial(albedo.ToPng(), OrmTexture(albedo.Size, material));
        return Glb.Write(new GlbAsset(mesh, textures, extras));
    }

    // Occlusion is not known: 1, unoccluded.
    private static byte[] OrmTexture(int size, MaterialChoice material)
    {
        var texels = new Vector3[size * size];
        Array.Fill(texels, new Vector3(1, material.Roughness, material.Metallic));
        return TexturePng.Linear(texels, size);
    }
}
