using static TorchSharp.torch;

namespace Realiz3D.Mesh.Scenes.Solids;

/// <summary>A convex polyhedron: the intersection of half-spaces.</summary>
/// <remarks>d = max over faces of n . p - o: exact beside faces, a lower bound beside edges.</remarks>
internal sealed class Convex : Solid
{
    private readonly (Vector3 Normal, double Offset)[] _faces;
    private readonly Vector3[] _corners;

    private Convex(IEnumerable<(Vector3 Normal, double Offset)> faces)
    {
        _faces = [.. faces.Select(f => (f.Normal.Unit(), f.Offset / f.Normal.Length))];
        _corners = [.. Corners(_faces)];
    }

    /// <summary>A convex outline in the plane (u, v) drawn out along the third axis.</summary>
    /// <param name="outline">Corners, counter-clockwise in (u, v).</param>
    /// <param name="along">The third axis. X: (u, v) = (-z, y). Y: (u, v) = (x, -z). Z: (u, v) = (x, y).</param>
    /// <param name="half">Half the length along the axis.</param>
    public static Convex Prism(IReadOnlyList<(double U, double V)> outline, Axis along, double half)
    {
        Vector3 Lift(double u, double v, double w) => along switch
        {
            Axis.X => new Vector3(w, v, -u),
            Axis.Y => new Vector3(u, w, -v),
            _ => new Vector3(u, v, w),
        };

        var faces = new List<(Vector3, double)> { (Lift(0, 0, 1), half), (Lift(0, 0, -1), half) };
        for (var i = 0; i < outline.Count; i++)
        {
            var (a, b) = (outline[i], outline[(i + 1) % outline.Count]);
            var (nu, nv) = (b.V - a.V, a.U - b.U);
            faces.Add((Lift(nu, nv, 0), nu * a.U + nv * a.V));
        }

        return new Convex(faces);
    }

    /// <summary>The points below all faces.</summary>
    /// <param name="faces">Outward normals of any length, and the normal's product with a point of the face.</param>
    public static Convex From(params (Vector3 Normal, double Offset)[] faces) => new(faces);

    public override Tensor Distance(Points p)
    {
        Tensor? distance = null;
        foreach (var (n, offset) in _faces)
        {
            var side = Side(p, n).sub_(offset);
            distance = distance is null ? side : maximum(distance, side);
        }

        return distance!;
    }

    public override double Support(Vector3 direction) => _corners.Max(c => c.Dot(direction));

    private static Tensor Side(Points p, Vector3 n)
    {
        Tensor? sum = null;
        foreach (var (t, weight) in new[] { (p.X, n.X), (p.Y, n.Y), (p.Z, n.Z) })
        {
            if (weight != 0)
            {
                sum = sum is null ? t * weight : sum.add_(t, weight);
            }
        }

        return sum!;
    }

    // Every corner is where three faces meet and no other face cuts it off.
    private static IEnumerable<Vector3> Corners((Vector3 Normal, double Offset)[] faces)
    {
        for (var i = 0; i < faces.Length; i++)
        {
            for (var j = i + 1; j < faces.Length; j++)
            {
                for (var k = j + 1; k < faces.Length; k++)
                {
                    var (a, b, c) = (faces[i], faces[j], faces[k]);
                    var volume = a.Normal.Dot(b.Normal.Cross(c.Normal));
                    if (Math.Abs(volume) < 1e-9)
                    {
                        continue;
                    }

                    var corner = (b.Normal.Cross(c.Normal) * a.Offset + c.Normal.Cross(a.Normal) * b.Offset
                        + a.Normal.Cross(b.Normal) * c.Offset) * (1 / volume);
                    if (faces.All(f => f.Normal.Dot(corner) <= f.Offset + 1e-9))
                    {
                        yield return corner;
                    }
                }
            }
        }
    }
}
