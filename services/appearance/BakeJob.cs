using System.Diagnostics.CodeAnalysis;
using Realiz3D.Mesh.Contracts.Texturing.V1;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Texturing;

/// <summary>A request to bake, already checked.</summary>
/// <param name="MeshId">Artifact of the mesh that gets the textures.</param>
/// <param name="DetailId">Artifact of the detailed mesh; null for the mesh itself.</param>
/// <param name="ViewsId">Artifact of the views; null for the detailed mesh's colours.</param>
/// <param name="Roughness">Asked roughness, 0 to 1; null for the detailed mesh's.</param>
/// <param name="Metallic">Asked metallic, 0 to 1; null for the detailed mesh's.</param>
/// <param name="TextureSize">Width and height in pixels, a power of two; null for the default.</param>
/// <param name="RayCount">Rays per texel that look for occlusion.</param>
/// <param name="Lit">Whether the views show the object under the studio's light.</param>
/// <param name="OrmViewsId">Artifact of views of occlusion, roughness and metallic; null for the detailed mesh's.</param>
/// <param name="ControlsId">Artifact of the controls whose normals are baked; null for the detailed mesh's.</param>
internal sealed record BakeJob(
    string MeshId, string? DetailId, string? ViewsId, float? Roughness, float? Metallic, int? TextureSize, int RayCount, bool Lit,
    string? OrmViewsId, string? ControlsId)
{
    private const int StandardRayCount = 32;

    /// <summary>Checks what the client sent. On failure, <paramref name="problem"/> says why in one sentence.</summary>
    public static bool TryParse(
        BakeRequest wire, [NotNullWhen(true)] out BakeJob? job, [NotNullWhen(false)] out string? problem)
    {
        problem = wire switch
        {
            _ when !ArtifactStore.IsId(wire.MeshArtifactId) => "mesh_artifact_id must be 64 lower-case hexadecimal digits.",
            _ when !IsIdOrEmpty(wire.DetailArtifactId) => "detail_artifact_id must be 64 lower-case hexadecimal digits, or empty.",
            _ when !IsIdOrEmpty(wire.ViewsArtifactId) => "views_artifact_id must be 64 lower-case hexadecimal digits, or empty.",
            _ when !IsIdOrEmpty(wire.OrmViewsArtifactId) => "orm_views_artifact_id must be 64 lower-case hexadecimal digits, or empty.",
            _ when !IsIdOrEmpty(wire.ControlsArtifactId) => "controls_artifact_id must be 64 lower-case hexadecimal digits, or empty.",
            _ when !Enum.IsDefined(wire.ViewContent) => $"view_content {(int)wire.ViewContent} is not known; 0, 1 and 2 are.",
            { HasRoughness: true, Roughness: not (>= 0 and <= 1) } => "roughness must be 0 to 1.",  // NaN fails too
            { HasMetallic: true, Metallic: not (>= 0 and <= 1) } => "metallic must be 0 to 1.",
            { HasTextureSize: true } when !TextureJob.IsSize(wire.TextureSize) => TextureJob.SizeRule,
            { HasOcclusionRayCount: true, OcclusionRayCount: < 4 or > 256 } => "occlusion_ray_count must be 4 to 256.",
            _ => null,
        };
        job = problem is not null ? null : new BakeJob(
            wire.MeshArtifactId,
            IdOrNull(wire.DetailArtifactId),
            IdOrNull(wire.ViewsArtifactId),
            wire.HasRoughness ? wire.Roughness : null,
            wire.HasMetallic ? wire.Metallic : null,
            wire.HasTextureSize ? wire.TextureSize : null,
            wire.HasOcclusionRayCount ? wire.OcclusionRayCount : StandardRayCount,
            wire.ViewContent != ViewContent.BaseColor,
            IdOrNull(wire.OrmViewsArtifactId),
            IdOrNull(wire.ControlsArtifactId));
        return problem is null;
    }

    private static string? IdOrNull(string id) => id.Length > 0 ? id : null;

    private static bool IsIdOrEmpty(string id) => id.Length == 0 || ArtifactStore.IsId(id);
}
