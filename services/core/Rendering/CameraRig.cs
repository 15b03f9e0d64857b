namespace Realiz3D.Mesh.Rendering;

/// <summary>Named sets of cameras.</summary>
public static class CameraRig
{
    /// <summary>Field of view of the v1.2 rig, in degrees.</summary>
    public const double FieldOfViewDegrees = 30;

    /// <summary>Field of view of the v1.1 rig, in degrees: 2 atan(16 / 35).</summary>
    public static double LongLensDegrees { get; } = 2 * Math.Atan(16.0 / 35) * 180 / Math.PI;

    /// <summary>
    /// Distance at which the tangent plane of a sphere of radius 0.5 fills the image: 0.5 / tan(15 degrees) = 1.8660.
    /// </summary>
    public static double Radius { get; } = 0.5 / Math.Tan(FieldOfViewDegrees * Math.PI / 360);

    /// <summary>
    /// The six cameras of Zero123++ v1.2 (arXiv:2310.15110 and its model card): azimuth 30 + 60 k degrees, elevation 20 and
    /// -10 degrees by turns, k row-major over a grid of 3 rows and 2 columns.
    /// </summary>
    public static IReadOnlyList<Camera> Zero123PlusV12 { get; } =
        [.. Enumerable.Range(0, 6).Select(k => At(30 + 60 * k, k % 2 == 0 ? 20 : -10))];

    /// <summary>
    /// The six cameras of Zero123++ v1.1 (arXiv:2310.15110, section 2.1): the same azimuths, elevation 30 and -20 degrees by turns,
    /// the lens of Zero-1-to-3, 35 mm before a sensor of 32 mm.
    /// </summary>
    /// <param name="radius">Distance to the centre; none is published.</param>
    public static IReadOnlyList<Camera> Zero123PlusV11(double radius) =>
        [.. Enumerable.Range(0, 6).Select(k => new Camera(30 + 60 * k, k % 2 == 0 ? 30 : -20, radius, LongLensDegrees))];

    /// <summary>A camera with the v1.2 rig's lens and distance, anywhere on the sphere.</summary>
    /// <param name="azimuthDegrees">Angle round the vertical axis, in degrees.</param>
    /// <param name="elevationDegrees">Angle above the horizon, in degrees.</param>
    public static Camera At(double azimuthDegrees, double elevationDegrees) =>
        new(azimuthDegrees, elevationDegrees, Radius, FieldOfViewDegrees);
}
