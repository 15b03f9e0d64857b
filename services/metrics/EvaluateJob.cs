using System.Diagnostics.CodeAnalysis;
using Realiz3D.Mesh.Contracts.Measuring.V1;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Measuring;

/// <summary>A request to measure, already checked.</summary>
/// <param name="AssetId">Artifact of the asset.</param>
/// <param name="ViewsId">Artifact of the views.</param>
internal sealed record EvaluateJob(string AssetId, string ViewsId)
{
    private const int MaxPromptLength = 2000;

    /// <summary>Checks what the client sent. On failure, <paramref name="problem"/> says why in one sentence.</summary>
    public static bool TryParse(
        EvaluateRequest wire, [NotNullWhen(true)] out EvaluateJob? job, [NotNullWhen(false)] out string? problem)
    {
        problem = wire switch
        {
            _ when !ArtifactStore.IsId(wire.AssetArtifactId) => "asset_artifact_id must be 64 lower-case hexadecimal digits.",
            _ when !ArtifactStore.IsId(wire.ViewsArtifactId) => "views_artifact_id must be 64 lower-case hexadecimal digits.",
            { Prompt.Length: > MaxPromptLength } => $"prompt may have at most {MaxPromptLength} characters.",
            _ => null,
        };
        job = problem is null ? new EvaluateJob(wire.AssetArtifactId, wire.ViewsArtifactId) : null;
        return problem is null;
    }
}
