using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Wire = Realiz3D.Mesh.Contracts.Shaping.V1;

namespace Realiz3D.Mesh.Shaping;

/// <summary>Rendered controls as they go over the wire.</summary>
internal static class ControlMessages
{
    /// <summary>The last message of a stream.</summary>
    public static Wire.RenderedControls ToWire(this GeometryUpdate.Controlled controlled) => new()
    {
        ControlsArtifactId = controlled.ArtifactId,
        Pictures = { controlled.Pictures.Select(ToWire) },
        Coverages = { controlled.Coverages },
        Cameras = { controlled.Cameras.Select(ToWire) },
        Placement = controlled.Placement is not { } placement ? null : new Wire.MeshPlacement
        {
            CenterX = placement.Bounds.CenterX,
            CenterY = placement.Bounds.CenterY,
            CenterZ = placement.Bounds.CenterZ,
            Scale = placement.Scale,
        },
    };

    private static Wire.RenderedPicture ToWire(ControlSheet sheet) => new()
    {
        Kind = sheet.Kind switch
        {
            ControlPictureKind.Normals => Wire.ControlKind.Normals,
            ControlPictureKind.Positions => Wire.ControlKind.Positions,
            ControlPictureKind.Depth => Wire.ControlKind.Depth,
            ControlPictureKind.InverseDepth => Wire.ControlKind.InverseDepth,
            _ => Wire.ControlKind.Mask,
        },
        ImageArtifactId = sheet.ArtifactId,
        Width = sheet.Width,
        Height = sheet.Height,
    };

    private static Wire.OrbitCamera ToWire(ViewCamera camera) => new()
    {
        AzimuthDegrees = camera.AzimuthDegrees,
        ElevationDegrees = camera.ElevationDegrees,
        Radius = camera.Radius,
        FieldOfViewDegrees = camera.FieldOfViewDegrees,
    };
}
