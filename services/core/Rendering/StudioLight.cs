using static TorchSharp.torch;

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

    /// <summary>Radiance of a white surface for many unit world normals.</summary>
    /// <param name="normals">Three components along <paramref name="dimension"/>, for example [V, 3, H, W].</param>
    /// <param name="dimension">The axis of the components.</param>
    /// <returns>One number per normal, the axis kept with length 1, for example [V, 1, H, W].</returns>
    public static Tensor Irradiance(Tensor normals, long dimension)
    {
        using var scope = NewDisposeScope();

        var x = normals.narrow(dimension, 0, 1) * (Swing * Direction[0]);
        var y = normals.narrow(dimension, 1, 1) * (Swing * Direction[1]);
        var z = normals.narrow(dimension, 2, 1) * (Swing * Direction[2]);
        return (x + y + z + Mean).MoveToOuterDisposeScope();
    }
}
