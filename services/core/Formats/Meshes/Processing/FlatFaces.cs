namespace Realiz3D.Mesh.Formats;

/// <summary>Turns the longest side of faces without area, so that they become faces with some.</summary>
/// <remarks>
/// Where a vertex lies on a side of another face (a T-junction), only a face without area closes the gap. Turning its longest side splits the face
/// across there: a, b, m and b, a, x become b, m, x and m, a, x. The surface stays where it is, closed and manifold. A turn is made where the thinner of
/// the two becomes less thin, which ends, and where the new edge is not there yet.
/// </remarks>
internal sealed class FlatFaces
{
    private const double Flat = 1e-6;        // twice the area over the square of the longest side
    private const double LeastCosine = 0.9;  // between the normals of the face across before and after

    private readonly Vector3d[] _points;
    private readonly int[] _faces;
    private readonly Dictionary<(int From, int To), int> _sides = []; // the face that runs so, -1 for more than one

    private FlatFaces(Vector3d[] points, int[] faces)
    {
        (_points, _faces) = (points, faces);
        for (var face = 0; face < faces.Length; face += 3)
        {
            for (var k = 0; k < 3; k++)
            {
                var side = (faces[face + k], faces[face + ((k + 1) % 3)]);
                _sides[side] = _sides.ContainsKey(side) ? -1 : face;
            }
        }
    }

    /// <summary>Turns sides in place.</summary>
    /// <param name="points">Points.</param>
    /// <param name="faces">Three vertices per face, of a surface whose faces agree.</param>
    /// <param name="first">Corner from which on faces are looked at; those across may be any.</param>
    /// <param name="cancel">Stops the work.</param>
    public static void Turn(Vector3d[] points, int[] faces, int first, CancellationToken cancel)
    {
        bool IsFlat(int face) => Shape(points, faces[face], faces[face + 1], faces[face + 2]) <= Flat;
        var flat = Enumerable.Range(0, (faces.Length - first) / 3).Select(face => first + (3 * face)).Where(IsFlat).ToList();
        var work = flat.Count > 0 ? new FlatFaces(points, faces) : null;
        for (var turned = true; turned && flat.Count > 0;)
        {
            cancel.ThrowIfCancellationRequested();
            turned = false;
            foreach (var face in flat.ToArray())
            {
                if (IsFlat(face) && work!.Turn(face, out var across))
                {
                    flat.Add(across);
                    turned = true; // which may open the way for another
                }
            }

            flat = [.. flat.Distinct().Where(IsFlat)];
        }
    }

    private bool Turn(int face, out int across)
    {
        var (a, b, m) = LongestFirst(face);
        if (!_sides.TryGetValue((b, a), out across) || across < 0 || _sides[(a, b)] != face)
        {
            return false;
        }

        var x = _faces[across] + _faces[across + 1] + _faces[across + 2] - a - b;
        if (x == m || _sides.ContainsKey((m, x)) || _sides.ContainsKey((x, m)))
        {
            return false;
        }

        var (here, there) = (Shape(_points, a, b, m), Shape(_points, b, a, x));
        var (one, two) = (Shape(_points, m, b, x), Shape(_points, m, x, a));
        var normal = Normal(b, a, x);
        if (Math.Min(one, two) <= Math.Min(here, there)
            || (there > Flat && (Vector3d.Dot(normal, Normal(x, b, m)) < LeastCosine || Vector3d.Dot(normal, Normal(x, m, a)) < LeastCosine)))
        {
            return false;
        }

        _sides.Remove((a, b));
        _sides.Remove((b, a));
        Set(face, b, m, x);
        Set(across, m, a, x);
        return true;
    }

    private void Set(int face, int a, int b, int c)
    {
        (_faces[face], _faces[face + 1], _faces[face + 2]) = (a, b, c);
        (_sides[(a, b)], _sides[(b, c)], _sides[(c, a)]) = (face, face, face);
    }

    private (int A, int B, int M) LongestFirst(int face)
    {
        var (a, b, c) = (_faces[face], _faces[face + 1], _faces[face + 2]);
        var (ab, bc, ca) = ((_points[a] - _points[b]).LengthSquared, (_points[b] - _points[c]).LengthSquared, (_points[c] - _points[a]).LengthSquared);
        return ab >= bc && ab >= ca ? (a, b, c) : bc >= ca ? (b, c, a) : (c, a, b);
    }

    private Vector3d Normal(int a, int b, int c) => Vector3d.Cross(_points[b] - _points[a], _points[c] - _points[a]).Unit();

    private static double Shape(Vector3d[] points, int a, int b, int c)
    {
        var longest = Math.Max((points[a] - points[b]).LengthSquared, Math.Max((points[b] - points[c]).LengthSquared, (points[c] - points[a]).LengthSquared));
        return Vector3d.Cross(points[b] - points[a], points[c] - points[a]).Length / longest;
    }
}
