using System.Diagnostics.CodeAnalysis;
using Realiz3D.Mesh.Contracts.Texturing.V1;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Texturing;

/// <summary>A request to render an asset under an environment, already checked.</summary>
/// <param name="AssetId">Artifact of the asset.</param>
/// <param name="Studio">The procedural environment; null where an artifact holds it.</param>
/// <param name="EnvironmentId">Artifact of the environment; null where it is procedural.</param>
/// <param name="Placement">How the environment stands.</param>
/// <param name="Cameras">At least one.</param>
/// <param name="Size">Width and height of the pictures, in pixels.</param>
/// <param name="Curve">How light becomes colour.</param>
/// <param name="ShowsEnvironment">Whether the environment stands behind the asset.</param>
/// <param name="Samples">Paths per pixel; null for split-sum light.</param>
/// <param name="Bounces">How often paths go from surface to surface.</param>
internal sealed record RelightJob(
    string AssetId, StudioEnvironment? Studio, string? EnvironmentId, EnvironmentPlacement Placement, IReadOnlyList<Camera> Cameras,
    int Size, ToneCurve Curve, bool ShowsEnvironment, int? Samples, int Bounces)
{
    private const int MaxCameras = 16;
    private const int MinSize = 16;
    private const int MaxSize = 1024;
    private const int DefaultSize = 512;
    private const int MaxSamples = 4096;
    private const int DefaultSamples = 64;
    private const long MaxPaths = 1L << 28;

    /// <summary>Checks what the client sent. On failure, <paramref name="problem"/> says why in one sentence.</summary>
    public static bool TryParse(
        RelightRequest wire, [NotNullWhen(true)] out RelightJob? job, [NotNullWhen(false)] out string? problem)
    {
        var studio = StudioEnvironments.Find(wire.EnvironmentName);
        problem = Fault(wire, studio) ?? WorkFault(wire) ?? wire.Cameras.Select(Fault).FirstOrDefault(fault => fault is not null);
        job = problem is not null ? null : new RelightJob(
            wire.AssetArtifactId,
            studio,
            wire.EnvironmentCase == RelightRequest.EnvironmentOneofCase.EnvironmentArtifactId ? wire.EnvironmentArtifactId : null,
            new EnvironmentPlacement(wire.RotationDegrees, wire.Exposure),
            CamerasOf(wire),
            SizeOf(wire),
            wire.HasToneMap ? CurveOf(wire.ToneMap) : ToneCurve.PbrNeutral,
            wire.HasBackdrop && wire.Backdrop == Backdrop.Environment,
            TracesPaths(wire) ? SamplesOf(wire) : null,
            wire.BounceCount);
        return problem is null;
    }

    private static string? Fault(RelightRequest wire, StudioEnvironment? studio) => wire switch
    {
        _ when !ArtifactStore.IsId(wire.AssetArtifactId) => "asset_artifact_id must be 64 lower-case hexadecimal digits.",
        { EnvironmentCase: RelightRequest.EnvironmentOneofCase.None } => "environment_name or environment_artifact_id must be set.",
        { EnvironmentCase: RelightRequest.EnvironmentOneofCase.EnvironmentName } when studio is null =>
            $"environment_name must be one of {string.Join(", ", StudioEnvironments.All.Select(environment => environment.Name))}.",
        { EnvironmentCase: RelightRequest.EnvironmentOneofCase.EnvironmentArtifactId } when !ArtifactStore.IsId(wire.EnvironmentArtifactId) =>
            "environment_artifact_id must be 64 lower-case hexadecimal digits.",
        { RotationDegrees: not (>= -360 and <= 360) } => "rotation_degrees must be -360 to 360.",     // NaN fails too
        { Exposure: not (>= -16 and <= 16) } => "exposure must be -16 to 16.",
        { HasImageSize: true, ImageSize: not (>= MinSize and <= MaxSize) } => $"image_size must be {MinSize} to {MaxSize}.",
        { HasToneMap: true, ToneMap: not (ToneMap.Clip or ToneMap.Reinhard or ToneMap.PbrNeutral) } =>
            "tone_map must be CLIP, REINHARD or PBR_NEUTRAL.",
        { HasBackdrop: true, Backdrop: not (Backdrop.Transparent or Backdrop.Environment) } => "backdrop must be TRANSPARENT or ENVIRONMENT.",
        { HasQuality: true, Quality: not (LightQuality.SplitSum or LightQuality.Paths) } => "quality must be SPLIT_SUM or PATHS.",
        _ => null,
    };

    private static string? WorkFault(RelightRequest wire) => wire switch
    {
        { Cameras.Count: > MaxCameras } => $"cameras may be at most {MaxCameras}.",
        { HasSampleCount: true } or { HasBounceCount: true } when !TracesPaths(wire) =>
            "sample_count and bounce_count are for quality PATHS only.",
        { HasSampleCount: true, SampleCount: not (>= 1 and <= MaxSamples) } => $"sample_count must be 1 to {MaxSamples}.",
        { HasBounceCount: true, BounceCount: not (>= 0 and <= PathTracer.MaxBounces) } => $"bounce_count must be 0 to {PathTracer.MaxBounces}.",
        _ when TracesPaths(wire) && PathsOf(wire) > MaxPaths =>
            $"cameras x image_size^2 x sample_count is {PathsOf(wire)}, at most {MaxPaths} are traced; lower one of them.",
        _ => null,
    };

    private static string? Fault(RelightCamera camera, int index) => camera switch
    {
        { AzimuthDegrees: not (>= -360 and <= 360) } => $"cameras[{index}].azimuth_degrees must be -360 to 360.",
        { ElevationDegrees: not (>= -90 and <= 90) } => $"cameras[{index}].elevation_degrees must be -90 to 90.",
        { HasRadius: true, Radius: not (>= 0.1f and <= 100) } => $"cameras[{index}].radius must be 0.1 to 100.",
        { HasFieldOfViewDegrees: true, FieldOfViewDegrees: not (>= 1 and <= 120) } => $"cameras[{index}].field_of_view_degrees must be 1 to 120.",
        _ => null,
    };

    private static IReadOnlyList<Camera> CamerasOf(RelightRequest wire) => wire.Cameras.Count == 0
        ? CameraRig.Zero123PlusV12
        : [.. wire.Cameras.Select(camera => new Camera(
            camera.AzimuthDegrees,
            camera.ElevationDegrees,
            camera.HasRadius ? camera.Radius : CameraRig.Radius,
            camera.HasFieldOfViewDegrees ? camera.FieldOfViewDegrees : CameraRig.FieldOfViewDegrees))];

    private static ToneCurve CurveOf(ToneMap map) => map switch
    {
        ToneMap.Clip => ToneCurve.Clip,
        ToneMap.Reinhard => ToneCurve.Reinhard,
        _ => ToneCurve.PbrNeutral,
    };

    private static bool TracesPaths(RelightRequest wire) => wire.HasQuality && wire.Quality == LightQuality.Paths;

    private static int SizeOf(RelightRequest wire) => wire.HasImageSize ? wire.ImageSize : DefaultSize;

    private static int SamplesOf(RelightRequest wire) => wire.HasSampleCount ? wire.SampleCount : DefaultSamples;

    private static long PathsOf(RelightRequest wire) =>
        (long)Math.Max(wire.Cameras.Count, wire.Cameras.Count == 0 ? CameraRig.Zero123PlusV12.Count : 0) * SizeOf(wire) * SizeOf(wire) * SamplesOf(wire);
}
