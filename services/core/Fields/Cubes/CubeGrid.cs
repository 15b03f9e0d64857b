namespace Realiz3D.Mesh.Fields;

/// <summary>A grid of cubes over a box; vertices and cubes are numbered with z fastest, then y, then x.</summary>
/// <remarks>
/// Corner c of a cube lies at (c &amp; 1, c &gt;&gt; 1 &amp; 1, c &gt;&gt; 2 &amp; 1) in its cell: x fastest, as <see cref="DualCases"/> counts.
/// </remarks>
/// <param name="Positions">World positions of the vertices, [P, 3].</param>
/// <param name="Cubes">Vertices of the cubes, [C, 8].</param>
public sealed record CubeGrid(float[] Positions, int[] Cubes)
{
    /// <summary>Number of cubes, C.</summary>
    public int CubeCount => Cubes.Length / 8;

    /// <summary>The grid over [-half, half]^3.</summary>
    /// <param name="x">Cells along x.</param>
    /// <param name="y">Cells along y.</param>
    /// <param name="z">Cells along z.</param>
    /// <param name="half">Half the side of the box.</param>
    /// <returns>(x+1)(y+1)(z+1) vertices and x y z cubes.</returns>
    public static CubeGrid Create(int x, int y, int z, double half)
    {
        ReadOnlySpan<int> cells = [x, y, z];
        foreach (var count in cells)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 512);
        }

        int Vertex(int i, int j, int k) => (((i * (y + 1)) + j) * (z + 1)) + k;
        var positions = new float[3 * (x + 1) * (y + 1) * (z + 1)];
        for (var v = 0; v < positions.Length / 3; v++)
        {
            ReadOnlySpan<int> at = [v / (z + 1) / (y + 1), v / (z + 1) % (y + 1), v % (z + 1)];
            for (var axis = 0; axis < 3; axis++)
            {
                positions[(3 * v) + axis] = (float)(((2.0 * at[axis] / cells[axis]) - 1) * half);
            }
        }

        var cubes = new int[8 * x * y * z];
        for (var cube = 0; cube < x * y * z; cube++)
        {
            var (i, j, k) = (cube / z / y, cube / z % y, cube % z);
            for (var c = 0; c < 8; c++)
            {
                cubes[(8 * cube) + c] = Vertex(i + (c & 1), j + ((c >> 1) & 1), k + (c >> 2));
            }
        }

        return new(positions, cubes);
    }
}
