namespace Realiz3D.Mesh.Rendering;

/// <summary>The fixed light of the synthetic domain: radiance = albedo times a function of the world normal alone.</summary>
/// <remarks>
/// <code>L(n) = Mean + Swing (n . Direction),   0.28 to 1</code>
/// No shadow, no highlight, no falloff. The light stands up and to one side (azimuth 60, elevation 45 degrees), so that the
/// four vertical sides of a box all differ in brightness: with light from straight above, painted views would say nothing
/// about which way a vertical wall faces, and shape from six silhouettes alone is ambiguous by half a wall's width.
/// </remarks>
public static class StudioLight
{
    /// <summary>Radiance of a white surface whose normal is at right angles to the light.</summary>
    public const double Mean = 0.64;

    /// <summary>How much radiance grows when the surface turns fully towards the light.</summary>
    public const double Swing = 0.36;

    /// <summary>Unit direction towards the light, in world coordinates: azimuth 60 degrees, elevation 45 degrees.</summary>
    public static IReadOnlyList<double> Direction { get; } =
        [Math.Sqrt(0.5) * Math.Sqrt(0.75), Math.Sqrt(0.5), Math.Sqrt(0.5) * 0.5];

    /// <summary>Radiance of a white surface with the unit world normal (x, y, z).</summary>
    /// <param name="x">World x of the normal.</param>
    /// <param name="y">World y of the normal.</param>
    /// <param name="z">World z of the normal.</param>
    public static double Irradiance(double x, double y, double z) =>
        Mean + Swing * (Direction[0] * x + Direction[1] * y + Direction[2] * z);
}
