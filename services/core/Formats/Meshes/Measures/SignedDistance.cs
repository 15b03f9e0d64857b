namespace Realiz3D.Mesh.Formats;

/// <summary>Distance of places to a mesh, exact, negative inside.</summary>
/// <remarks>
/// Inside is where the <see cref="WindingNumber"/> is above 1/2, so that small holes and faces that cross do no harm; a mesh with its
/// faces turned inwards has no inside.
/// </remarks>
public sealed class SignedDistance
{
    private readonly NearestSurface _surface;
    private readonly Lazy<WindingNumber> _winding;

    /// <summary>Prepares a mesh.</summary>
    /// <param name="mesh">The mesh; open ones and soups too, but with one face at least.</param>
    /// <exception cref="ArgumentException">The mesh has no faces.</exception>
    public SignedDistance(TriangleMesh mesh)
    {
        ArgumentNullException.ThrowIfNull(mesh);
        if (mesh.FaceCount == 0)
        {
            throw new ArgumentException("A mesh without faces has no distance to anything.");
        }

        var tree = new FaceTree(Vector3d.All(mesh.Positions), mesh.Indices);
        (_surface, _winding) = (new NearestSurface(tree), new(() => new WindingNumber(tree)));
    }

    /// <summary>The signed distance of one place.</summary>
    /// <param name="x">X of the place.</param>
    /// <param name="y">Y of the place.</param>
    /// <param name="z">Z of the place.</param>
    /// <returns>In the mesh's unit.</returns>
    public double At(double x, double y, double z)
    {
        var distance = ToSurface(new Vector3d(x, y, z));
        return _winding.Value.At(x, y, z) > 0.5 ? -distance : distance;
    }

    /// <summary>The signed distances of many places, such as the vertices of a grid, on all processors.</summary>
    /// <param name="points">x, y, z per place, [N, 3].</param>
    /// <returns>[N].</returns>
    public float[] At(float[] points)
    {
        ArgumentNullException.ThrowIfNull(points);
        var distances = new float[points.Length / 3];
        Parallel.For(
            0, distances.Length, i => distances[i] = (float)At(points[3 * i], points[(3 * i) + 1], points[(3 * i) + 2]));
        return distances;
    }

    /// <summary>The distances of many places, whichever side they are on, on all processors.</summary>
    /// <param name="points">x, y, z per place, [N, 3].</param>
    /// <returns>[N], not negative.</returns>
    public float[] ToSurface(float[] points)
    {
        ArgumentNullException.ThrowIfNull(points);
        var distances = new float[points.Length / 3];
        Parallel.For(0, distances.Length, i => distances[i] = (float)ToSurface(Vector3d.At(points, i)));
        return distances;
    }

    private double ToSurface(Vector3d place) => (_surface.To(place) - place).Length;
}
