namespace Realiz3D.Mesh.Formats;

/// <summary>Points spread evenly over a surface.</summary>
/// <param name="Faces">Face of each point, [N].</param>
/// <param name="Barycentric">Weights of the face's three corners, [3N].</param>
/// <param name="Points">x, y, z, [3N].</param>
/// <param name="Normals">Unit normal of the face, [3N].</param>
public sealed record SurfaceSamples(int[] Faces, float[] Barycentric, float[] Points, float[] Normals);

/// <summary>Draws points from a mesh's surface, each area with the same density.</summary>
/// <remarks>
/// Of three numbers u in [0, 1), the first picks the face: the first one whose cumulated share of the area exceeds u0. The others pick the
/// place, (1 - sqrt u1) a + sqrt u1 (1 - u2) b + sqrt u1 u2 c. Source: Osada et al. 2002, "Shape distributions", equation 1.
/// </remarks>
public sealed class SurfaceSampler
{
    private readonly Vector3d[] _points;
    private readonly int[] _indices;
    private readonly double[] _cumulated;

    /// <summary>Prepares a mesh.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <exception cref="ArgumentException">It has no face with area: there is nothing to draw from.</exception>
    public SurfaceSampler(TriangleMesh mesh)
    {
        (_points, _indices) = (Vector3d.All(mesh.Positions), mesh.Indices);
        _cumulated = new double[mesh.FaceCount];
        var sum = 0.0;
        for (var face = 0; face < _cumulated.Length; face++)
        {
            _cumulated[face] = sum += Cross(face).Length / 2;
        }

        Area = sum > 0 ? sum : throw new ArgumentException("The mesh has no face with area, so no point can be drawn from it.");
    }

    /// <summary>Surface area.</summary>
    public double Area { get; }

    /// <summary>Draws points.</summary>
    /// <param name="uniforms">Three numbers in [0, 1) per point, [3N].</param>
    /// <returns>N points.</returns>
    public SurfaceSamples Sample(ReadOnlySpan<float> uniforms)
    {
        if (uniforms.Length % 3 != 0)
        {
            throw new ArgumentException($"{uniforms.Length} numbers are not three per point.", nameof(uniforms));
        }

        var count = uniforms.Length / 3;
        var samples = new SurfaceSamples(new int[count], new float[3 * count], new float[3 * count], new float[3 * count]);
        for (var i = 0; i < count; i++)
        {
            var (face, root) = (FaceAt(uniforms[3 * i] * Area), Math.Sqrt(uniforms[(3 * i) + 1]));
            var weights = new Vector3d(1 - root, root * (1 - uniforms[(3 * i) + 2]), root * uniforms[(3 * i) + 2]);
            var place = (Corner(face, 0) * weights.X) + (Corner(face, 1) * weights.Y) + (Corner(face, 2) * weights.Z);
            samples.Faces[i] = face;
            weights.Store(samples.Barycentric, i);
            place.Store(samples.Points, i);
            Cross(face).Unit().Store(samples.Normals, i);
        }

        return samples;
    }

    private int FaceAt(double area)
    {
        var (low, high) = (0, _cumulated.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _cumulated[middle] > area ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private Vector3d Corner(int face, int corner) => _points[_indices[(3 * face) + corner]];

    private Vector3d Cross(int face) =>
        Vector3d.Cross(Corner(face, 1) - Corner(face, 0), Corner(face, 2) - Corner(face, 0));
}
