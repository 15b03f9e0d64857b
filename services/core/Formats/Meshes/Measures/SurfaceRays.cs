using System.Numerics;

namespace Realiz3D.Mesh.Formats;

/// <summary>Where a ray meets a surface.</summary>
/// <param name="Face">The triangle.</param>
/// <param name="U">Weight of its first corner.</param>
/// <param name="V">Weight of its second corner; the third has 1 - u - v.</param>
/// <param name="Distance">From the ray's origin, in lengths of its direction.</param>
public readonly record struct SurfaceHit(int Face, double U, double V, double Distance);

/// <summary>Rays against a mesh, in doubles, through a tree of boxes. Triangles are seen from both sides.</summary>
/// <remarks>Triangle test: Moeller and Trumbore 1997, "Fast, minimum storage ray-triangle intersection". All methods may be called in parallel.</remarks>
public sealed class SurfaceRays
{
    private const int DeepestTree = 64;

    private readonly FaceTree.Node[] _nodes;
    private readonly int[] _faces;
    private readonly Triangle[] _triangles;     // in the tree's order

    /// <summary>Prepares a mesh.</summary>
    /// <param name="mesh">The mesh; open ones and soups too.</param>
    public SurfaceRays(TriangleMesh mesh)
    {
        ArgumentNullException.ThrowIfNull(mesh);
        var tree = new FaceTree(Vector3d.All(mesh.Positions), mesh.Indices);
        (_nodes, _faces) = (tree.Nodes, tree.Faces);
        _triangles = Array.ConvertAll(_faces, face => new Triangle(tree.Corner(face, 2), tree.Corner(face, 0), tree.Corner(face, 1)));
    }

    /// <summary>The nearest place in front of the origin where a ray meets the mesh; null where it does not.</summary>
    /// <param name="origin">Where it starts.</param>
    /// <param name="direction">Not 0, of any length.</param>
    public SurfaceHit? Nearest(Vector3 origin, Vector3 direction) => Find(new Ray(origin, direction), any: false);

    /// <summary>Whether a ray meets the mesh anywhere.</summary>
    /// <param name="origin">Where it starts.</param>
    /// <param name="direction">Not 0, of any length.</param>
    /// <param name="farthest">Where it ends, in lengths of its direction.</param>
    public bool IsBlocked(Vector3 origin, Vector3 direction, double farthest = double.PositiveInfinity) =>
        Find(new Ray(origin, direction), any: true, farthest) is not null;

    private SurfaceHit? Find(in Ray ray, bool any, double limit = double.PositiveInfinity)
    {
        Span<int> waiting = stackalloc int[DeepestTree];
        SurfaceHit? nearest = null;
        waiting[0] = 0;
        var count = _nodes.Length > 0 && ray.Enters(_nodes[0]) < limit ? 1 : 0;
        while (count > 0)
        {
            ref readonly var node = ref _nodes[waiting[--count]];
            if (node.IsLeaf)
            {
                for (var i = node.Start; i < node.End; i++)
                {
                    if (_triangles[i].Meets(ray, limit, out var hit))
                    {
                        (nearest, limit) = (hit with { Face = _faces[i] }, hit.Distance);
                        if (any)
                        {
                            return nearest;
                        }
                    }
                }

                continue;
            }

            // The nearer child is looked at first, so it goes on top.
            var (left, right) = (waiting[count] + 1, node.Right);
            var (toLeft, toRight) = (ray.Enters(_nodes[left]), ray.Enters(_nodes[right]));
            var (near, far) = toLeft <= toRight ? (left, right) : (right, left);
            if (Math.Max(toLeft, toRight) < limit)
            {
                waiting[count++] = far;
            }

            if (Math.Min(toLeft, toRight) < limit)
            {
                waiting[count++] = near;
            }
        }

        return nearest;
    }

    private readonly struct Ray(Vector3 origin, Vector3 direction)
    {
        public Vector3d Origin { get; } = new(origin.X, origin.Y, origin.Z);

        public Vector3d Direction { get; } = new(direction.X, direction.Y, direction.Z);

        // Finite even along an axis, so that 0 times it is 0.
        private readonly double _perX = 1 / (direction.X == 0 ? 1e-300 : direction.X);
        private readonly double _perY = 1 / (direction.Y == 0 ? 1e-300 : direction.Y);
        private readonly double _perZ = 1 / (direction.Z == 0 ? 1e-300 : direction.Z);

        /// <summary>Where the ray enters a box, 0 from within; infinity where it does not.</summary>
        public double Enters(in FaceTree.Node box)
        {
            var (x0, x1) = ((box.Low.X - Origin.X) * _perX, (box.High.X - Origin.X) * _perX);
            var (y0, y1) = ((box.Low.Y - Origin.Y) * _perY, (box.High.Y - Origin.Y) * _perY);
            var (z0, z1) = ((box.Low.Z - Origin.Z) * _perZ, (box.High.Z - Origin.Z) * _perZ);
            var enters = Math.Max(Math.Max(Math.Min(x0, x1), Math.Min(y0, y1)), Math.Max(Math.Min(z0, z1), 0));
            var leaves = Math.Min(Math.Min(Math.Max(x0, x1), Math.Max(y0, y1)), Math.Max(z0, z1));
            return enters <= leaves * (1 + 1e-12) ? enters : double.PositiveInfinity;
        }
    }

    // Corner 2 is the origin, so that the weights of corners 0 and 1 come out.
    private readonly struct Triangle(Vector3d origin, Vector3d first, Vector3d second)
    {
        private readonly Vector3d _origin = origin;
        private readonly Vector3d _first = first - origin;
        private readonly Vector3d _second = second - origin;

        public bool Meets(in Ray ray, double limit, out SurfaceHit hit)
        {
            hit = default;
            var p = Vector3d.Cross(ray.Direction, _second);
            var determinant = Vector3d.Dot(_first, p);
            if (determinant == 0)
            {
                return false;
            }

            var from = ray.Origin - _origin;
            var u = Vector3d.Dot(from, p) / determinant;
            var q = Vector3d.Cross(from, _first);
            var v = Vector3d.Dot(ray.Direction, q) / determinant;
            var distance = Vector3d.Dot(_second, q) / determinant;
            if (!(u >= 0 && v >= 0 && u + v <= 1 && distance > 0 && distance < limit))
            {
                return false;
            }

            hit = new SurfaceHit(-1, u, v, distance);
            return true;
        }
    }
}
