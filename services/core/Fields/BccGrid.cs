namespace Realiz3D.Mesh.Fields;

/// <summary>Body-centred cubic tetrahedral grid: the corners and the centres of R x R x R cubic cells.</summary>
/// <remarks>
/// Each face between two cells gives four tetrahedra, which join the two centres with one edge of the face each; a face on
/// the outside is split in two, joined with its only centre. (R+1)^3 + R^3 vertices and 12 R^3 tetrahedra.
/// </remarks>
public static class BccGrid
{
    /// <summary>The whole grid over the cube [-half, half]^3.</summary>
    /// <param name="cells">Cells along each side, R.</param>
    /// <param name="half">Half the side of the cube.</param>
    public static TetrahedralGrid Create(int cells, double half)
    {
        var (positions, tetrahedra) = Build(cells, half);
        return new TetrahedralGrid(positions, tetrahedra);
    }

    /// <summary>The part of the grid whose tetrahedra touch a marked vertex.</summary>
    /// <param name="cells">Cells along each side, R.</param>
    /// <param name="half">Half the side of the cube.</param>
    /// <param name="mark">Given all positions [P, 3], returns one mark per vertex, [P].</param>
    /// <returns>The grid, and the number of each vertex in the whole grid.</returns>
    public static (TetrahedralGrid Grid, int[] OldVertices) Create(int cells, double half, Func<float[], bool[]> mark)
    {
        ArgumentNullException.ThrowIfNull(mark);
        var (positions, tetrahedra) = Build(cells, half);
        return TetrahedralGrid.Restrict(positions, tetrahedra, mark(positions));
    }

    private static (float[] Positions, int[] Tetrahedra) Build(int cells, double half)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cells, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cells, 256);
        var (corners, step) = (cells + 1, 2 * half / cells);
        var positions = new float[3 * (corners * corners * corners + cells * cells * cells)];
        Fill(positions, 0, corners, step, -half);
        Fill(positions, corners * corners * corners, cells, step, -half + step / 2);

        var tetrahedra = new int[48 * cells * cells * cells];
        var next = 0;
        Span<int> loop = stackalloc int[4];
        for (var axis = 0; axis < 3; axis++)
        {
            for (var cell = 0; cell < cells * cells * (cells + 1); cell++)
            {
                // The face lies at layer `a` along its axis, at (b, c) across; (axis, axis + 1, axis + 2) is right-handed.
                var (a, b, c) = (cell / (cells * cells), cell / cells % cells, cell % cells);
                for (var k = 0; k < 4; k++)
                {
                    loop[k] = Number(axis, a, b + (k is 1 or 2 ? 1 : 0), c + (k is 2 or 3 ? 1 : 0), corners, 0);
                }

                var below = a > 0 ? Number(axis, a - 1, b, c, cells, corners * corners * corners) : -1;
                var above = a < cells ? Number(axis, a, b, c, cells, corners * corners * corners) : -1;
                next = below < 0 || above < 0
                    ? AddOuter(tetrahedra, next, loop, Math.Max(below, above), above >= 0)
                    : AddInner(tetrahedra, next, loop, below, above);
            }
        }

        return (positions, tetrahedra);
    }

    private static int AddInner(int[] tetrahedra, int next, ReadOnlySpan<int> loop, int below, int above)
    {
        for (var k = 0; k < 4; k++)
        {
            // (below -> above) is +axis; seen from above the loop runs counter-clockwise, so this order has det > 0.
            ReadOnlySpan<int> corners = [below, above, loop[k], loop[(k + 1) % 4]];
            corners.CopyTo(tetrahedra.AsSpan(next));
            next += 4;
        }

        return next;
    }

    private static int AddOuter(int[] tetrahedra, int next, ReadOnlySpan<int> loop, int centre, bool centreIsAbove)
    {
        for (var k = 0; k < 4; k += 2)
        {
            var (first, second, third) = (loop[k], loop[k + 1], loop[(k + 2) % 4]);
            ReadOnlySpan<int> corners = centreIsAbove ? [first, second, third, centre] : [first, third, second, centre];
            corners.CopyTo(tetrahedra.AsSpan(next));
            next += 4;
        }

        return next;
    }

    private static int Number(int axis, int a, int b, int c, int side, int start)
    {
        var (x, y, z) = axis switch
        {
            0 => (a, b, c),
            1 => (c, a, b),
            _ => (b, c, a),
        };
        return start + (x * side + y) * side + z;
    }

    /// <summary>Numbers a cubic lattice with z fastest, then y, then x.</summary>
    internal static void Fill(float[] positions, int start, int side, double step, double origin)
    {
        for (var i = 0; i < side * side * side; i++)
        {
            positions[3 * (start + i)] = (float)(origin + step * (i / (side * side)));
            positions[3 * (start + i) + 1] = (float)(origin + step * (i / side % side));
            positions[3 * (start + i) + 2] = (float)(origin + step * (i % side));
        }
    }
}
