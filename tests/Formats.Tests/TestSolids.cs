namespace Realiz3D.Mesh.Formats.Tests;

/// <summary>Meshes whose measures are known.</summary>
internal static class TestSolids
{
    /// <summary>The unit cube about a centre, 12 faces that look outwards.</summary>
    public static TriangleMesh Cube(float size = 1, float x = 0, float y = 0, float z = 0)
    {
        var positions = new float[24];
        for (var corner = 0; corner < 8; corner++)
        {
            positions[3 * corner] = x + (size * ((corner & 1) - 0.5f));
            positions[(3 * corner) + 1] = y + (size * (((corner >> 1) & 1) - 0.5f));
            positions[(3 * corner) + 2] = z + (size * (((corner >> 2) & 1) - 0.5f));
        }

        return new TriangleMesh(
            positions,
            [0, 2, 3, 0, 3, 1, 4, 5, 7, 4, 7, 6, 0, 1, 5, 0, 5, 4, 2, 6, 7, 2, 7, 3, 0, 4, 6, 0, 6, 2, 1, 3, 7, 1, 7, 5]);
    }

    /// <summary>A grid of quads on a parametric surface, two faces each; closed in the directions that wrap.</summary>
    public static TriangleMesh Grid(int across, int along, bool wrapAcross, bool wrapAlong, Func<double, double, (double X, double Y, double Z)> at)
    {
        var (width, height) = (wrapAcross ? across : across + 1, wrapAlong ? along : along + 1);
        var positions = new List<float>();
        for (var j = 0; j < height; j++)
        {
            for (var i = 0; i < width; i++)
            {
                var (x, y, z) = at((double)i / across, (double)j / along);
                positions.AddRange([(float)x, (float)y, (float)z]);
            }
        }

        var indices = new List<int>();
        for (var j = 0; j < along; j++)
        {
            for (var i = 0; i < across; i++)
            {
                int At(int di, int dj) => ((j + dj) % height * width) + ((i + di) % width);
                indices.AddRange([At(0, 0), At(1, 0), At(1, 1), At(0, 0), At(1, 1), At(0, 1)]);
            }
        }

        return new TriangleMesh([.. positions], [.. indices]);
    }

    /// <summary>A torus about the Y axis whose faces look outwards.</summary>
    public static TriangleMesh Torus(double radius, double tube, int around, int across) => Grid(around, across, true, true, (s, t) =>
    {
        var (a, b) = (2 * Math.PI * s, 2 * Math.PI * t);
        var ring = radius + (tube * Math.Cos(b));
        return (ring * Math.Sin(a), tube * Math.Sin(b), ring * Math.Cos(a));
    });

    /// <summary>A closed surface of revolution about the Y axis: its two ends are places with one face for each of its corners.</summary>
    /// <param name="corners">Corners of each ring.</param>
    /// <param name="profile">Radius and height, from the top to the bottom; the first and the last radius are 0.</param>
    public static TriangleMesh Revolve(int corners, params (double Radius, double Y)[] profile)
    {
        List<float> positions = [0, (float)profile[0].Y, 0, 0, (float)profile[^1].Y, 0];
        foreach (var (radius, y) in profile[1..^1])
        {
            for (var i = 0; i < corners; i++)
            {
                var angle = 2 * Math.PI * i / corners;
                positions.AddRange([(float)(radius * Math.Sin(angle)), (float)y, (float)(radius * Math.Cos(angle))]);
            }
        }

        int At(int ring, int i) => 2 + (ring * corners) + (i % corners);
        List<int> indices = [];
        for (var i = 0; i < corners; i++)
        {
            indices.AddRange([0, At(0, i), At(0, i + 1)]);
            for (var ring = 0; ring < profile.Length - 3; ring++)
            {
                indices.AddRange([At(ring, i), At(ring + 1, i), At(ring + 1, i + 1), At(ring, i), At(ring + 1, i + 1), At(ring, i + 1)]);
            }

            indices.AddRange([1, At(profile.Length - 3, i + 1), At(profile.Length - 3, i)]);
        }

        return new TriangleMesh([.. positions], [.. indices]);
    }

    /// <summary>A unit sphere of 8 x 4^levels faces, by halving the sides of an octahedron.</summary>
    public static TriangleMesh Sphere(int levels, float radius = 1)
    {
        List<System.Numerics.Vector3> points =
            [new(1, 0, 0), new(-1, 0, 0), new(0, 1, 0), new(0, -1, 0), new(0, 0, 1), new(0, 0, -1)];
        List<int> faces = [0, 2, 4, 2, 1, 4, 1, 3, 4, 3, 0, 4, 2, 0, 5, 1, 2, 5, 3, 1, 5, 0, 3, 5];
        for (var level = 0; level < levels; level++)
        {
            var middles = new Dictionary<(int, int), int>();
            int Middle(int a, int b)
            {
                var key = (Math.Min(a, b), Math.Max(a, b));
                if (!middles.TryGetValue(key, out var middle))
                {
                    points.Add(System.Numerics.Vector3.Normalize(points[a] + points[b]));
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

        return new TriangleMesh([.. points.SelectMany(p => new[] { radius * p.X, radius * p.Y, radius * p.Z })], [.. faces]);
    }

    /// <summary>Meshes side by side in one.</summary>
    public static TriangleMesh Join(params TriangleMesh[] meshes)
    {
        var (positions, indices) = (new List<float>(), new List<int>());
        foreach (var mesh in meshes)
        {
            indices.AddRange(mesh.Indices.Select(index => (positions.Count / 3) + index));
            positions.AddRange(mesh.Positions);
        }

        return new TriangleMesh([.. positions], [.. indices]);
    }
}
