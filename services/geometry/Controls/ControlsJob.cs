using System.Diagnostics.CodeAnalysis;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Storage;
using Choice = Realiz3D.Mesh.Contracts.Shaping.V1.RenderControlsRequest.CamerasOneofCase;
using Wire = Realiz3D.Mesh.Contracts.Shaping.V1;

namespace Realiz3D.Mesh.Shaping;

/// <summary>A request to draw controls, already checked.</summary>
/// <param name="MeshArtifactId">The mesh.</param>
/// <param name="Cameras">One per view.</param>
/// <param name="Size">Width and height of a view.</param>
/// <param name="FitsSphere">Whether the mesh is first fitted to the sphere of radius 0.5.</param>
/// <param name="CameraNormals">Whether normals get the camera's axes.</param>
/// <param name="SeparateRanges">Whether each view's depth has a range of its own.</param>
/// <param name="Pictures">Pictures to draw besides.</param>
/// <param name="Columns">Views in a row of a picture.</param>
internal sealed record ControlsJob(
    string MeshArtifactId,
    IReadOnlyList<Camera> Cameras,
    int Size,
    bool FitsSphere,
    bool CameraNormals,
    bool SeparateRanges,
    IReadOnlyList<ControlPictureKind> Pictures,
    int Columns)
{
    private const int MinSize = 16;
    private const int MaxSize = 1024;
    private const int DefaultSize = 320;       // a view of Zero123++
    private const int MaxCameras = 64;
    private const int MaxPixels = 7 << 20;     // times the bytes of a pixel, what an artifact may hold
    private const double DefaultLongRadius = 1.5;

    /// <summary>Checks what the client sent. On failure, <paramref name="problem"/> says why in one sentence.</summary>
    public static bool TryParse(
        Wire.RenderControlsRequest wire,
        [NotNullWhen(true)] out ControlsJob? job,
        [NotNullWhen(false)] out string? problem)
    {
        job = null;
        var size = wire.HasImageSize ? wire.ImageSize : DefaultSize;
        var pictures = wire.PictureKinds.Select(KindOf).ToArray();
        problem = wire switch
        {
            _ when !ArtifactStore.IsId(wire.MeshArtifactId) => "mesh_artifact_id must be 64 lower-case hexadecimal digits.",
            _ when size is < MinSize or > MaxSize => $"image_size must be {MinSize} to {MaxSize}.",
            { HasNormalFrame: true, NormalFrame: not (Wire.NormalFrame.World or Wire.NormalFrame.Camera) } =>
                "normal_frame must be NORMAL_FRAME_WORLD or NORMAL_FRAME_CAMERA, or not set.",
            { HasColumnCount: true, ColumnCount: < 1 or > MaxCameras } => $"column_count must be 1 to {MaxCameras}.",
            _ when Array.Exists(pictures, kind => kind is null) || pictures.Distinct().Count() < pictures.Length =>
                "picture_kinds must name each of NORMALS, POSITIONS, DEPTH, INVERSE_DEPTH and MASK at most once.",
            { CamerasCase: Choice.None } => "rig or orbit must be set.",
            { CamerasCase: Choice.Rig } => Problem(wire.Rig),
            _ => Problem(wire.Orbit),
        };
        if (problem is not null)
        {
            return false;
        }

        var cameras = wire.CamerasCase == Choice.Rig ? CamerasOf(wire.Rig) : [.. wire.Orbit.Cameras.Select(CameraOf)];
        if ((long)cameras.Count * size * size > MaxPixels)
        {
            problem = $"{cameras.Count} views of {size} x {size} pixels are too many: all together may have {MaxPixels}; ask for smaller or fewer ones.";
            return false;
        }

        var columns = wire.HasColumnCount ? wire.ColumnCount
            : wire.CamerasCase == Choice.Rig ? 2
            : (int)Math.Ceiling(Math.Sqrt(cameras.Count));
        job = new ControlsJob(
            wire.MeshArtifactId,
            cameras,
            size,
            wire.FitsSphere,
            wire.HasNormalFrame && wire.NormalFrame == Wire.NormalFrame.Camera,
            wire.SeparatesDepthRanges,
            [.. pictures.Select(kind => kind!.Value)],
            Math.Min(columns, cameras.Count));
        return true;
    }

    private static string? Problem(Wire.RigCameras rig) => rig switch
    {
        { Name: not (Wire.RigName.Zero123PlusV12 or Wire.RigName.Zero123PlusV11) } =>
            "rig.name must be RIG_NAME_ZERO123PLUS_V12 or RIG_NAME_ZERO123PLUS_V11.",
        { Name: Wire.RigName.Zero123PlusV12, HasRadius: true } => "rig.radius must not be set for ZERO123PLUS_V12, whose distance is known.",
        { HasRadius: true, Radius: not (>= 0.1 and <= 100) } => "rig.radius must be 0.1 to 100.",
        _ => null,
    };

    private static string? Problem(Wire.OrbitCameras orbit)
    {
        if (orbit.Cameras.Count is 0 or > MaxCameras)
        {
            return $"orbit.cameras must be 1 to {MaxCameras}.";
        }

        for (var i = 0; i < orbit.Cameras.Count; i++)
        {
            if (CameraOf(orbit.Cameras[i]).ToView().Fault() is { } fault)
            {
                return $"orbit.cameras[{i}]: {fault}";
            }

            if (Math.Abs(orbit.Cameras[i].AzimuthDegrees) > 3600)
            {
                return $"orbit.cameras[{i}].azimuth_degrees must be -3600 to 3600.";
            }
        }

        return null;
    }

    private static IReadOnlyList<Camera> CamerasOf(Wire.RigCameras rig) => rig.Name == Wire.RigName.Zero123PlusV12
        ? CameraRig.Zero123PlusV12
        : CameraRig.Zero123PlusV11(rig.HasRadius ? rig.Radius : DefaultLongRadius);

    private static Camera CameraOf(Wire.OrbitCamera camera) => new(
        camera.AzimuthDegrees,
        camera.ElevationDegrees,
        camera.HasRadius ? camera.Radius : CameraRig.Radius,
        camera.HasFieldOfViewDegrees ? camera.FieldOfViewDegrees : CameraRig.FieldOfViewDegrees);

    private static ControlPictureKind? KindOf(Wire.ControlKind kind) => kind switch
    {
        Wire.ControlKind.Normals => ControlPictureKind.Normals,
        Wire.ControlKind.Positions => ControlPictureKind.Positions,
        Wire.ControlKind.Depth => ControlPictureKind.Depth,
        Wire.ControlKind.InverseDepth => ControlPictureKind.InverseDepth,
        Wire.ControlKind.Mask => ControlPictureKind.Mask,
        _ => null,
    };
}
