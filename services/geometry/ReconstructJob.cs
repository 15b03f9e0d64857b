using System.Diagnostics.CodeAnalysis;
using Realiz3D.Mesh.Storage;
using Wire = Realiz3D.Mesh.Contracts.Shaping.V1;

namespace Realiz3D.Mesh.Shaping;

/// <summary>A request to reconstruct, already checked. The fit draws no random numbers, so the seed changes nothing yet.</summary>
/// <param name="ViewsArtifactId">The views.</param>
internal sealed record ReconstructJob(string ViewsArtifactId)
{
    /// <summary>Checks what the client sent. On failure, <paramref name="problem"/> says why in one sentence.</summary>
    public static bool TryParse(
        Wire.ReconstructRequest wire,
        [NotNullWhen(true)] out ReconstructJob? job,
        [NotNullWhen(false)] out string? problem)
    {
        problem = ArtifactStore.IsId(wire.ViewsArtifactId)
            ? null
            : "views_artifact_id must be 64 lower-case hexadecimal digits, as GenerateViews and RenderScene give it.";
        job = problem is null ? new ReconstructJob(wire.ViewsArtifactId) : null;
        return problem is null;
    }
}
