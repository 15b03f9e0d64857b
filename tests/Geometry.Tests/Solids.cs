using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Geometry.Tests;

/// <summary>Meshes whose measures are known.</summary>
internal static class Solids
{
    /// <summary>A cube about a centre, 12 faces that look outwards.</summary>
    public static TriangleMesh Cube(float side = 1, float x = 0, float y = 0, float z = 0)
    {
        float[] middle = [x, y, z];
        float[] positions = [.. Enumerable.Range(0, 24).Select(i => middle[i % 3] + (side * (((i / 3) >> (i % 3) & 1) - 0.5f)))];
        return new TriangleMesh(
            positions,
            [0, 2, 3, 0, 3, 1, 4, 5, 7, 4, 7, 6, 0, 1, 5, 0, 5, 4, 2, 6, 7, 2, 7, 3, 0, 4, 6, 0, 6, 2, 1, 3, 7, 1, 7, 5]);
    }

    /// <summary>A torus round the vertical axis, 2 x around x across faces, with a texture that has a seam each way.</summary>
    public static TriangleMesh Torus(double radius, double tube, int around, int across)
    {
        var (positions, uvs, indices) = (new List<float>(), new List<float>(), new List<int>());
        for (var i = 0; i <= around; i++)
        {
            for (var j = 0; j <= across; j++)
            {
                var (a, b) = (2 * Math.PI * (i % around) / around, 2 * Math.PI * (j % across) / across);
                var ring = radius + (tube * Math.Cos(b));
                positions.AddRange([(float)(ring * Math.Sin(a)), (float)(tube * Math.Sin(b)), (float)(ring * Math.Cos(a))]);
                uvs.AddRange([(float)i / around, (float)j / across]);
                if (i < around && j < across)
                {
                    int At(int di, int dj) => ((i + di) * (across + 1)) + j + dj;
                    indices.AddRange([At(0, 0), At(1, 0), At(1, 1), At(0, 0), At(1, 1), At(0, 1)]);
                }
            }
        }

        return new TriangleMesh([.. positions], [.. indices], [.. uvs]);
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
