using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering.Tests;

/// <summary>Closed meshes of known shape.</summary>
internal static class TestMeshes
{
    /// <summary>A sphere by subdividing an octahedron; 8 * 4^levels faces.</summary>
    public static TriangleMesh Sphere(double radius, int levels)
    {
        List<double[]> points = [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]];
        List<int> faces = [0, 2, 4, 2, 1, 4, 1, 3, 4, 3, 0, 4, 2, 0, 5, 1, 2, 5, 3, 1, 5, 0, 3, 5];
        for (var level = 0; level < levels; level++)
        {
            var middles = new Dictionary<(int, int), int>();
            int Middle(int a, int b)
            {
                var key = (Math.Min(a, b), Math.Max(a, b));
                if (!middles.TryGetValue(key, out var middle))
                {
                    var sum = points[a].Zip(points[b], (x, y) => x + y).ToArray();
                    var length = Math.Sqrt(sum.Sum(x => x * x));
                    points.Add(Array.ConvertAll(sum, x => x / length));
                    middles[key] = middle = points.Count - 1;
                }

                return middle;
            }

            List<int> finer = [];
            for (var f = 0; f < faces.Count; f += 3)
            {
                var (a, b, c) = (faces[f], faces[f + 1], faces[f + 2]);
                var (ab, bc, ca) = (Middle(a, b), Middle(b, c), Middle(c, a));
                finer.AddRange([a, ab, ca, ab, b, bc, ca, bc, c, ab, bc, ca]);
            }

            faces = finer;
        }

        return new TriangleMesh([.. points.SelectMany(p => p.Select(x => (float)(radius * x)))], [.. faces]);
    }

    /// <summary>A torus round the vertical axis.</summary>
    public static TriangleMesh Torus(double radius, double tube, int around, int across)
    {
        var positions = new List<float>();
        var indices = new List<int>();
        for (var i = 0; i < around; i++)
        {
            for (var j = 0; j < across; j++)
            {
                var (a, b) = (2 * Math.PI * i / around, 2 * Math.PI * j / across);
                var ring = radius + (tube * Math.Cos(b));
                positions.AddRange([(float)(ring * Math.Sin(a)), (float)(tube * Math.Sin(b)), (float)(ring * Math.Cos(a))]);
                int At(int di, int dj) => ((i + di) % around * across) + ((j + dj) % across);
                indices.AddRange([At(0, 0), At(1, 0), At(1, 1), At(0, 0), At(1, 1), At(0, 1)]);
            }
        }

        return new TriangleMesh([.. positions], [.. indices]);
    }

    /// <summary>A strip that winds up like a spring: drawn flat from above, every turn lies on the one before.</summary>
    public static TriangleMesh Spring(int turns, int steps)
    {
        var positions = new List<float>();
        var indices = new List<int>();
        for (var i = 0; i <= turns * steps; i++)
        {
            var a = 2 * Math.PI * i / steps;
            foreach (var ring in new[] { 0.2, 0.4 })
            {
                positions.AddRange([(float)(ring * Math.Sin(a)), (float)(0.1 * i / steps), (float)(ring * Math.Cos(a))]);
            }

            if (i > 0)
            {
                indices.AddRange([(2 * i) - 2, (2 * i) - 1, (2 * i) + 1, (2 * i) - 2, (2 * i) + 1, 2 * i]);
            }
        }

        return new TriangleMesh([.. positions], [.. indices]);
    }
}
