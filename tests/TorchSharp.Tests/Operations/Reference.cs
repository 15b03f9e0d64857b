namespace Realiz3D.Mesh.TorchSharp.Tests.Operations;

/// <summary>Functions of doubles that the framework lacks, to about twelve digits. Abramowitz and Stegun, 6.1, 6.3, 7.1.</summary>
internal static class Reference
{
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    public static double Softplus(double x) => Math.Log(1 + Math.Exp(x));

    /// <summary>The series 7.1.5.</summary>
    public static double Erf(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 1; n < 200; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return sum * 2 / Math.Sqrt(Math.PI);
    }

    /// <summary>The number whose erf is given, by bisection.</summary>
    public static double ErfInverse(double y)
    {
        var (low, high) = (-3.0, 3.0);
        for (var i = 0; i < 100; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Erf(middle) < y ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }

    /// <summary>Stirling's series 6.1.41 beyond 10, reached by the recurrence.</summary>
    public static double LogGamma(double x)
    {
        var below = 0.0;
        for (; x < 10; x++)
        {
            below += Math.Log(x);
        }

        var inverse = 1 / (x * x);
        var series = (1.0 / 12) - (inverse * ((1.0 / 360) - (inverse * ((1.0 / 1260) - (inverse / 1680)))));
        return ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + (series / x) - below;
    }

    /// <summary>The derivative of the logarithm of gamma: 6.3.18 beyond 10.</summary>
    public static double Digamma(double x)
    {
        var below = 0.0;
        for (; x < 10; x++)
        {
            below += 1 / x;
        }

        var inverse = 1 / (x * x);
        var series = inverse * ((1.0 / 12) - (inverse * ((1.0 / 120) - (inverse * ((1.0 / 252) - (inverse / 240))))));
        return Math.Log(x) - (0.5 / x) - series - below;
    }

    public static double Gelu(double x) => x * 0.5 * (1 + Erf(x / Math.Sqrt(2)));

    public static double GeluByTanh(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));

    /// <summary>The matrix product of two-dimensional arrays.</summary>
    public static Dense Product(Dense a, Dense b) => Dense.Of(
        [a.Shape[0], b.Shape[1]], i => Enumerable.Range(0, a.Shape[1]).Sum(k => a[i[0], k] * b[k, i[1]]));

    public static Dense Transposed(Dense a) => Dense.Of([a.Shape[1], a.Shape[0]], i => a[i[1], i[0]], a.Type);

    /// <summary>Gauss and Jordan with the largest pivot: the solution of a x = b, and a's determinant.</summary>
    public static (Dense Solution, double Determinant) Solve(Dense a, Dense b)
    {
        var (n, m) = (a.Shape[0], b.Shape[1]);
        var rows = Enumerable.Range(0, n).Select(r => Enumerable.Range(0, n).Select(c => a[r, c]).Concat(Enumerable.Range(0, m).Select(c => b[r, c])).ToArray()).ToArray();
        var determinant = 1.0;
        for (var c = 0; c < n; c++)
        {
            var pivot = Enumerable.Range(c, n - c).MaxBy(r => Math.Abs(rows[r][c]));
            determinant *= pivot == c ? 1 : -1;
            (rows[c], rows[pivot]) = (rows[pivot], rows[c]);
            determinant *= rows[c][c];
            rows[c] = [.. rows[c].Select(value => value / rows[c][c])];
            foreach (var r in Enumerable.Range(0, n).Where(r => r != c))
            {
                rows[r] = [.. rows[r].Select((value, k) => value - (rows[r][c] * rows[c][k]))];
            }
        }

        return (Dense.Of([n, m], i => rows[i[0]][n + i[1]]), determinant);
    }

    public static Dense Identity(int n) => Dense.Of([n, n], i => i[0] == i[1] ? 1 : 0);
}
