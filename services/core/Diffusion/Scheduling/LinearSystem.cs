namespace Realiz3D.Mesh.Diffusion;

/// <summary>A few linear equations.</summary>
internal static class LinearSystem
{
    /// <summary>Gaussian elimination with pivots.</summary>
    /// <param name="rows">Each row: coefficients, then the right side. Overwritten.</param>
    /// <returns>The unknowns.</returns>
    public static double[] Solve(double[][] rows)
    {
        var n = rows.Length;
        for (var column = 0; column < n; column++)
        {
            var pivot = Enumerable.Range(column, n - column).MaxBy(i => Math.Abs(rows[i][column]));
            (rows[column], rows[pivot]) = (rows[pivot], rows[column]);
            for (var i = 0; i < n; i++)
            {
                var factor = i == column ? 0 : rows[i][column] / rows[column][column];
                for (var k = column; k <= n; k++)
                {
                    rows[i][k] -= factor * rows[column][k];
                }
            }
        }

        return [.. Enumerable.Range(0, n).Select(i => rows[i][n] / rows[i][i])];
    }
}
