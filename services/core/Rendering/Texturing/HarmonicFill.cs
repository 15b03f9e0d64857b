using System.Numerics;

namespace Realiz3D.Mesh.Rendering;

/// <summary>The smoothest continuation of vertex values over a surface: harmonic where they are not known.</summary>
/// <remarks>
/// <code>sum_j w_ij (x_j - x_i) = 0 at each free vertex i,   w_ij = (cot a_ij + cot b_ij) / 2</code>
/// with a and b the angles opposite to the edge ij (Pinkall and Polthier 1993, "Computing discrete minimal surfaces and their
/// conjugates"). On a flat surface it gives a linear function back whatever the triangles are. Solved by conjugate gradients,
/// preconditioned by the diagonal; a free vertex without neighbours that give it weight keeps its value.
/// </remarks>
internal sealed class HarmonicFill
{
    private const double Tolerance = 1e-5;  // of the right-hand side
    private const int MaxSteps = 2000;

    private readonly int[] _free;           // vertices
    private readonly int[] _starts;         // of each free vertex's neighbours, and the end
    private readonly int[] _neighbours;     // vertices
    private readonly double[] _weights;
    private readonly double[] _diagonal;
    private readonly int[] _rows;           // of each vertex among the free ones, -1 for the others

    /// <param name="places">Vertices.</param>
    /// <param name="indices">Three per triangle; those at the same place count as one only where they have one number.</param>
    /// <param name="known">Whose values are held.</param>
    public HarmonicFill(Vector3[] places, int[] indices, bool[] known)
    {
        var weights = new Dictionary<(int From, int To), double>();
        for (var corner = 0; corner < indices.Length; corner++)
        {
            var face = corner - (corner % 3);
            var (apex, a, b) = (indices[corner], indices[face + ((corner + 1) % 3)], indices[face + ((corner + 2) % 3)]);
            if (known[a] && known[b])
            {
                continue;
            }

            var (left, right) = (places[a] - places[apex], places[b] - places[apex]);
            var area = Vector3.Cross(left, right).Length();
            if (area > 1e-6f * (left.LengthSquared() + right.LengthSquared()))
            {
                var half = Vector3.Dot(left, right) / area / 2.0; // half the cotangent
                weights[(a, b)] = weights.GetValueOrDefault((a, b)) + half;
                weights[(b, a)] = weights.GetValueOrDefault((b, a)) + half;
            }
        }

        var rows = weights.Where(pair => !known[pair.Key.From] && pair.Key.From != pair.Key.To)
            .GroupBy(pair => pair.Key.From)
            .Where(row => row.Sum(pair => pair.Value) > 0)
            .OrderBy(row => row.Key)
            .Select(row => (Vertex: row.Key, Sides: row.OrderBy(pair => pair.Key.To).ToArray()))
            .ToArray();
        _free = Array.ConvertAll(rows, row => row.Vertex);
        _diagonal = Array.ConvertAll(rows, row => row.Sides.Sum(pair => pair.Value));
        _neighbours = [.. rows.SelectMany(row => row.Sides.Select(pair => pair.Key.To))];
        _weights = [.. rows.SelectMany(row => row.Sides.Select(pair => pair.Value))];
        _starts = new int[rows.Length + 1];
        _rows = new int[places.Length];
        Array.Fill(_rows, -1);
        for (var row = 0; row < rows.Length; row++)
        {
            _starts[row + 1] = _starts[row] + rows[row].Sides.Length;
            _rows[rows[row].Vertex] = row;
        }
    }

    /// <summary>Fills in.</summary>
    /// <param name="values">One per vertex; the free ones are read as a first guess and written.</param>
    public void Solve(Vector3[] values)
    {
        var solved = new double[3][];
        Parallel.For(0, 3, channel => solved[channel] = Solve(Array.ConvertAll(values, value => (double)value[channel])));
        for (var row = 0; row < _free.Length; row++)
        {
            values[_free[row]] = new Vector3((float)solved[0][row], (float)solved[1][row], (float)solved[2][row]);
        }
    }

    // Hestenes and Stiefel 1952, with the values of the free vertices.
    private double[] Solve(double[] values)
    {
        var count = _free.Length;
        var x = Array.ConvertAll(_free, vertex => values[vertex]);
        var (residual, wanted) = (new double[count], 0.0);
        for (var row = 0; row < count; row++)
        {
            var given = 0.0;
            for (var k = _starts[row]; k < _starts[row + 1]; k++)
            {
                given += _rows[_neighbours[k]] < 0 ? _weights[k] * values[_neighbours[k]] : 0;
            }

            residual[row] = given;
            wanted += given * given / _diagonal[row];
        }

        var product = new double[count];
        Multiply(x, product);
        for (var row = 0; row < count; row++)
        {
            residual[row] -= product[row];
        }

        var direction = new double[count];
        var (before, limit) = (0.0, Tolerance * Tolerance * wanted);
        for (var step = 0; step < MaxSteps; step++)
        {
            var now = 0.0;
            for (var row = 0; row < count; row++)
            {
                now += residual[row] * residual[row] / _diagonal[row];
            }

            if (now <= limit)
            {
                break;
            }

            for (var row = 0; row < count; row++)
            {
                direction[row] = (residual[row] / _diagonal[row]) + (step > 0 ? now / before * direction[row] : 0);
            }

            before = now;
            Multiply(direction, product);
            var length = now / direction.Zip(product, (a, b) => a * b).Sum();
            for (var row = 0; row < count; row++)
            {
                x[row] += length * direction[row];
                residual[row] -= length * product[row];
            }
        }

        return x;
    }

    private void Multiply(double[] x, double[] product)
    {
        for (var row = 0; row < product.Length; row++)
        {
            var sum = _diagonal[row] * x[row];
            for (var k = _starts[row]; k < _starts[row + 1]; k++)
            {
                var other = _rows[_neighbours[k]];
                sum -= other < 0 ? 0 : _weights[k] * x[other];
            }

            product[row] = sum;
        }
    }
}
