using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Texturing;

/// <summary>Writes provenance and report into an asset's extras; everything else in it stays as it is.</summary>
internal sealed class AssetSealer(ArtifactStore store)
{
    /// <summary>Seals an asset.</summary>
    /// <returns>The artifact of the sealed asset.</returns>
    /// <exception cref="ArtifactNotFoundException">The asset does not exist.</exception>
    /// <exception cref="MalformedFileException">It is no GLB.</exception>
    public async Task<string> SealAsync(SealJob job, CancellationToken cancel)
    {
        var asset = Glb.Read(await store.ReadAsync(job.AssetId, cancel), "the asset artifact");
        var extras = asset.Extras ?? [];
        extras["provenance"] = job.Provenance;
        extras["report"] = job.Report;
        return await store.PutAsync(Glb.Write(asset with { Extras = extras }), cancel);
    }
}
