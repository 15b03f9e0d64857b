using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>A detailed mesh, asked where it lies beside places of a simpler one.</summary>
/// <remarks>
/// Of a place with a normal the nearest place on the detailed faces that look to the same side counts, so that a thin wall does not
/// take its other side; where no such face lies within reach, the place itself.
/// </remarks>
/// <param name="mesh">The detailed mesh; its normals if it has them, else area-weighted ones.</param>
/// <param name="reach">Farthest that the two surfaces lie apart.</param>
public sealed class DetailSurface(TriangleMesh mesh, float reach = float.PositiveInfinity)
{
    private readonly SurfaceSearch _search = new(mesh);
    private readonly float[] _normals = mesh.Normals ?? mesh.AreaWeightedNormals();

    /// <summary>The detailed surface beside a place.</summary>
    /// <param name="position">The place.</param>
    /// <param name="normal">Unit normal there.</param>
    /// <returns>Position and unit normal, interpolated between the vertices.</returns>
    public (Vector3 Position, Vector3 Normal) Beside(Vector3 position, Vector3 normal)
    {
        if (_search.Nearest(position, normal, reach) is not { } place)
        {
            return (position, normal);
        }

        var found = place.Interpolate(mesh, _normals);
        return (place.Interpolate(mesh, mesh.Positions), found.LengthSquared() > 0 ? Vector3.Normalize(found) : normal);
    }
}
