namespace Realiz3D.Mesh.Fields;

/// <summary>Kuhn's tetrahedral grid: each of R x R x R cubic cells cut into six tetrahedra round its long diagonal.</summary>
/// <remarks>
/// For each order of the three axes a tetrahedron walks from corner 000 to corner 111, one axis after the other; for odd orders
/// the two middle corners change places, so that every determinant is positive. (R+1)^3 vertices and 6 R^3 tetrahedra, whose
/// faces meet across cells. Source: Kuhn 1960, "Some combinatorial lemmas in topology".
/// </remarks>
public static class KuhnGrid
{
    // Corners by the axes already walked, bit a for axis a.
    private static readonly int[][] Walks =
    [
        [0, 1, 3, 7], [0, 2, 6, 7], [0, 4, 5, 7],       // x y z, y z x, z x y: even
        [0, 5, 1, 7], [0, 3, 2, 7], [0, 6, 4, 7],       // x z y, y x z, z y x: odd
    ];

    /// <summary>The whole grid over the cube [-half, half]^3.</summary>
    /// <param name="cells">Cells along each side, R.</param>
    /// <param name="half">Half the side of the cube.</param>
    public static TetrahedralGrid Create(int cells, double half)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cells, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cells, 256);
        var corners = cells + 1;
        var positions = new float[3 * corners * corners * corners];
        BccGrid.Fill(positions, 0, corners, 2 * half / cells, -half);

        var tetrahedra = new int[24 * cells * cells * cells];
        var next = 0;
        for (var cell = 0; cell < cells * cells * cells; cell++)
        {
            var (x, y, z) = (cell / (cells * cells), cell / cells % cells, cell % cells);
            foreach (var walk in Walks)
            {
                foreach (var corner in walk)
                {
                    tetrahedra[next++] =
                        ((((x + (corner & 1)) * corners) + y + ((corner >> 1) & 1)) * corners) + z + (corner >> 2);
                }
            }
        }

        return new TetrahedralGrid(positions, tetrahedra);
    }
}
