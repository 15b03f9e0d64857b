namespace Realiz3D.Mesh.Rendering;

/// <summary>The half of split-sum lighting that knows the surface: reflectance of a GGX surface under uniform light.</summary>
/// <remarks>
/// Karis 2013, "Real shading in Unreal Engine 4": with light all round, F D G / (4 n . v) integrates to F0 A + B. Fresnel after
/// Schlick with f90 = 1, height-correlated Smith masking (Heitz 2014), alpha = roughness^2. With half vectors distributed by D,
/// <code>
/// A = E[(1 - Fc) G v.h / (n.h n.v)]    B = E[Fc G v.h / (n.h n.v)]    Fc = (1 - v.h)^5
/// </code>
/// over a Gauss-Legendre grid in the distribution's two coordinates. Its error falls slowly at grazing views, where the integrand ends
/// abruptly at the horizon: 0.005 at n . v = 0.02, 0.001 from 0.1 on.
/// </remarks>
public static class SplitSum
{
    private const int Nodes = 64;
    private static readonly GaussLegendre s_rule = new(Nodes);

    /// <summary>A and B of one direction and roughness.</summary>
    /// <param name="cosine">n . v, 0 to 1; taken as at least 0.0001.</param>
    /// <param name="roughness">0 to 1; taken as at least 0.001.</param>
    /// <returns>Scale A and bias B of F0.</returns>
    public static (double Scale, double Bias) Terms(double cosine, double roughness)
    {
        cosine = Math.Clamp(cosine, 1e-4, 1);
        var alphaSquared = Math.Pow(Math.Max(roughness, 1e-3), 4);
        var (sine, viewLambda) = (Math.Sqrt(1 - (cosine * cosine)), Lambda(alphaSquared, cosine));
        var (scale, bias) = (0.0, 0.0);
        for (var i = 0; i < Nodes; i++)
        {
            var u = s_rule.Points[i];
            var halfCosine = Math.Sqrt((1 - u) / (1 + ((alphaSquared - 1) * u)));           // n . h
            var halfSine = Math.Sqrt(Math.Max(0, 1 - (halfCosine * halfCosine)));
            for (var j = 0; j < Nodes; j++)
            {
                var viewHalf = (sine * halfSine * s_rule.Cosines[j]) + (cosine * halfCosine); // v . h
                var lightCosine = (2 * viewHalf * halfCosine) - cosine;                     // n . l
                if (viewHalf <= 0 || lightCosine <= 0)
                {
                    continue;
                }

                var masking = 1 / (1 + Lambda(alphaSquared, lightCosine) + viewLambda);
                var reflected = s_rule.Weights[i] * s_rule.Weights[j] * masking * viewHalf / (halfCosine * cosine);
                var away = 1 - viewHalf;
                var fresnel = away * away * away * away * away;
                scale += (1 - fresnel) * reflected;
                bias += fresnel * reflected;
            }
        }

        return (scale, bias);
    }

    /// <summary>A table to look up with linear interpolation: rows are roughness, columns n . v, both at (i + 0.5) / size.</summary>
    /// <param name="size">Rows and columns, S.</param>
    /// <returns>A and B by turns, [S, S, 2].</returns>
    public static float[] Table(int size = 128)
    {
        var table = new float[size * size * 2];
        Parallel.For(0, size, row =>
        {
            for (var column = 0; column < size; column++)
            {
                var (scale, bias) = Terms((column + 0.5) / size, (row + 0.5) / size);
                var at = 2 * ((row * size) + column);
                (table[at], table[at + 1]) = ((float)scale, (float)bias);
            }
        });
        return table;
    }

    private static double Lambda(double alphaSquared, double cosine) =>
        0.5 * (Math.Sqrt(1 + (alphaSquared * (1 - (cosine * cosine)) / (cosine * cosine))) - 1);

    /// <summary>Gauss-Legendre quadrature on [0, 1].</summary>
    private sealed class GaussLegendre
    {
        public GaussLegendre(int count)
        {
            (Points, Weights, Cosines) = (new double[count], new double[count], new double[count]);
            for (var i = 0; i < count; i++)
            {
                var (x, slope) = Root(count, Math.Cos(Math.PI * (i + 0.75) / (count + 0.5)));
                Points[i] = (x + 1) / 2;
                Weights[i] = 1 / ((1 - (x * x)) * slope * slope);
                Cosines[i] = Math.Cos(Math.PI * Points[i]);
            }
        }

        public double[] Points { get; }

        public double[] Weights { get; }

        /// <summary>cos(pi x) of the points.</summary>
        public double[] Cosines { get; }

        // A root of the Legendre polynomial near x by Newton's method, and the polynomial's slope there.
        private static (double X, double Slope) Root(int degree, double x)
        {
            for (var step = 0; ; step++)
            {
                var (before, value) = (1.0, x);
                for (var k = 2; k <= degree; k++)
                {
                    (before, value) = (value, (((2 * k) - 1) * x * value - ((k - 1) * before)) / k);
                }

                var slope = degree * ((x * value) - before) / ((x * x) - 1);
                if (Math.Abs(value / slope) < 1e-15 || step == 20)
                {
                    return (x, slope);
                }

                x -= value / slope;
            }
        }
    }
}
