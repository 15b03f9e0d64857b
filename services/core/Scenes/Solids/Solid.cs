using static TorchSharp.torch;

namespace Realiz3D.Mesh.Scenes.Solids;

/// <summary>A shape as a signed distance field, negative inside, in tensor operations.</summary>
/// <remarks>
/// Fields are exact or fall short of the distance (never above it by more than rounding), so that sphere tracing
/// (Hart 1996, The Visual Computer 12, 527-545) never steps through a surface. The formulas of the primitives are the
/// elementary ones: distance to a point, a segment, a circle, a box, a half-space.
/// </remarks>
internal abstract class Solid
{
    /// <summary>Signed distance.</summary>
    /// <param name="p">Points, each coordinate [N].</param>
    /// <returns>[N].</returns>
    public abstract Tensor Distance(Points p);

    /// <summary>Support function: the largest dot product of a direction with a point of the solid.</summary>
    /// <remarks>
    /// Objects are centred and scaled by it, without a search over the field. Intersections and cuts answer a little more.
    /// </remarks>
    public abstract double Support(Vector3 direction);

    public Solid At(double x, double y, double z) => new Moved(this, new Vector3(x, y, z));

    public Solid Turn(Axis axis, double degrees) => new Turned(this, axis, degrees * Math.PI / 180);

    /// <summary>The part at x above 0, mirrored to the other side.</summary>
    public Solid MirrorX() => new Mirrored(this, X: true, Z: false);

    /// <summary>The part at z above 0, mirrored to the other side.</summary>
    public Solid MirrorZ() => new Mirrored(this, X: false, Z: true);

    public Solid Cut(Solid hole) => new Difference(this, hole);

    public Solid Within(Solid other) => new Intersection(this, other);

    public Solid Or(Solid other) => new Union(this, other);

    /// <summary>Union with a fillet.</summary>
    /// <param name="other">The other solid.</param>
    /// <param name="width">Width of the fillet.</param>
    public Solid Blend(Solid other, double width) => new Blended(this, other, width);

    /// <summary>All points within <paramref name="by"/> of the solid.</summary>
    public Solid Grow(double by) => new Grown(this, by);
}

/// <summary>A coordinate axis.</summary>
internal enum Axis
{
    X,
    Y,
    Z,
}
