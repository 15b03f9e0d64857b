using System.Numerics;

namespace Realiz3D.Mesh.Formats;

/// <summary>A place on a mesh's surface.</summary>
/// <param name="Face">Its triangle.</param>
/// <param name="U">Weight of the triangle's first corner.</param>
/// <param name="V">Weight of its second corner; the third has the rest.</param>
public readonly record struct SurfacePlace(int Face, float U, float V)
{
    /// <summary>A vertex attribute of three numbers at the place.</summary>
    /// <param name="mesh">The mesh that was searched.</param>
    /// <param name="triples">Positions or normals, [3P].</param>
    /// <returns>The weighted sum of the corners' values.</returns>
    public Vector3 Interpolate(TriangleMesh mesh, float[] triples)
    {
        var (sum, weights) = (Vector3.Zero, new Vector3(U, V, 1 - U - V));
        for (var corner = 0; corner < 3; corner++)
        {
            var at = 3 * mesh.Indices[(3 * Face) + corner];
            sum += weights[corner] * new Vector3(triples[at], triples[at + 1], triples[at + 2]);
        }

        return sum;
    }
}

/// <summary>Nearest places on a mesh, with the triangle they lie on; may be asked from several threads at once.</summary>
public sealed class SurfaceSearch
{
    private readonly FaceTree _tree;
    private readonly NearestSurface _nearest;

    /// <summary>Prepares a mesh.</summary>
    /// <param name="mesh">The mesh; open ones and soups too, but with one face at least.</param>
    /// <exception cref="ArgumentException">The mesh has no faces.</exception>
    public SurfaceSearch(TriangleMesh mesh)
    {
        if (mesh.FaceCount == 0)
        {
            throw new ArgumentException("A mesh without faces has no surface to search.", nameof(mesh));
        }

        _tree = new FaceTree(Vector3d.All(mesh.Positions), mesh.Indices);
        _nearest = new NearestSurface(_tree);
    }

    /// <summary>The nearest place on the faces that look to the same side as a direction.</summary>
    /// <param name="place">From where.</param>
    /// <param name="facing">Faces whose normal is more than 90 degrees away from it do not count; zero counts all.</param>
    /// <param name="within">Farthest that counts.</param>
    /// <returns>Null when there is none.</returns>
    public SurfacePlace? Nearest(Vector3 place, Vector3 facing, float within = float.PositiveInfinity)
    {
        var (face, found) = _nearest.Find(Exact(place), Exact(facing), within);
        if (face < 0)
        {
            return null;
        }

        var (a, b, c) = (_tree.Corner(face, 0), _tree.Corner(face, 1), _tree.Corner(face, 2));
        var normal = _tree.Cross(face);
        var area = normal.LengthSquared;
        return area > 0
            ? new SurfacePlace(
                face,
                (float)(Vector3d.Dot(Vector3d.Cross(c - b, found - b), normal) / area),
                (float)(Vector3d.Dot(Vector3d.Cross(a - c, found - c), normal) / area))
            : new SurfacePlace(face, 1, 0);
    }

    private static Vector3d Exact(Vector3 v) => new(v.X, v.Y, v.Z);
}
