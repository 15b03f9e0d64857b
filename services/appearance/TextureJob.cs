using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Realiz3D.Mesh.Contracts.Texturing.V1;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Texturing;

/// <summary>A request to texture, already checked.</summary>
/// <param name="MeshId">Artifact of the mesh.</param>
/// <param name="ViewsId">Artifact of the views.</param>
/// <param name="Prompt">The object in words; may be empty.</param>
/// <param name="Roughness">Asked roughness, 0 to 1; null to choose by the prompt.</param>
/// <param name="Metallic">Asked metallic, 0 to 1; null to choose by the prompt.</param>
/// <param name="TextureSize">Width and height in pixels, a power of two; null for the default.</param>
internal sealed record TextureJob(
    string MeshId, string ViewsId, string Prompt, float? Roughness = null, float? Metallic = null, int? TextureSize = null)
{
    private const int MaxPromptLength = 2000;
    private const int MinTextureSize = 64;
    private const int MaxTextureSize = 4096;

    /// <summary>What is said of a size that may not be.</summary>
    public static string SizeRule { get; } = $"texture_size must be a power of two, {MinTextureSize} to {MaxTextureSize}.";

    /// <summary>Checks what the client sent. On failure, <paramref name="problem"/> says why in one sentence.</summary>
    public static bool TryParse(
        TextureRequest wire, [NotNullWhen(true)] out TextureJob? job, [NotNullWhen(false)] out string? problem)
    {
        problem = wire switch
        {
            _ when !ArtifactStore.IsId(wire.MeshArtifactId) => "mesh_artifact_id must be 64 lower-case hexadecimal digits.",
            _ when !ArtifactStore.IsId(wire.ViewsArtifactId) => "views_artifact_id must be 64 lower-case hexadecimal digits.",
            { Prompt.Length: > MaxPromptLength } => $"prompt may have at most {MaxPromptLength} characters.",
            { HasRoughness: true, Roughness: not (>= 0 and <= 1) } => "roughness must be 0 to 1.",  // NaN fails too
            { HasMetallic: true, Metallic: not (>= 0 and <= 1) } => "metallic must be 0 to 1.",
            { HasTextureSize: true } when !IsSize(wire.TextureSize) => SizeRule,
            _ => null,
        };
        job = problem is not null ? null : new TextureJob(
            wire.MeshArtifactId,
            wire.ViewsArtifactId,
            wire.Prompt,
            wire.HasRoughness ? wire.Roughness : null,
            wire.HasMetallic ? wire.Metallic : null,
            wire.HasTextureSize ? wire.TextureSize : null);
        return problem is null;
    }

    /// <summary>Whether a texture may have that width and height.</summary>
    public static bool IsSize(int size) => size is >= MinTextureSize and <= MaxTextureSize && BitOperations.IsPow2(size);
}
