namespace Realiz3D.Mesh.Diffusion;

/// <summary>Coefficients of UniPC's predictor and corrector: factors of the sample and of each output, newest first.</summary>
/// <remarks>
/// With h = lambda' - lambda, q = -h (clean latent) or h (noise), r_k h the distances to earlier steps (negative), r_p = 1:
/// <code>
/// x' = c x - d ((e^q - 1) m0 + B sum_k rho_k (m_k - m0)/r_k)     c = s'/s, d = a' (clean latent);  c = a'/a, d = s' (noise)
/// sum_k rho_k r_k^(i-1) = i! phi_(i+1)(q) q / B,   i = 1..p       phi_1 = (e^q - 1)/q,  phi_(i+1) = (phi_i - 1/i!)/q
/// B = q (bh1), e^q - 1 (bh2);  order 2 of the predictor and order 1 of the corrector take rho = 1/2
/// </code>
/// The corrector has the new output as m_p at r_p = 1; the predictor goes without it.
/// Source: Zhao et al. 2023, arXiv:2302.04867, theorem 3.1, corollary 3.2, equations 9 and 12.
/// </remarks>
internal static class UniPCFormulas
{
    /// <param name="solver">Which formula.</param>
    /// <param name="sigmas">sigma', sigma, and those before, newest first; order + 1 of them.</param>
    /// <returns>Factors of the sample and of m0, m1, ....</returns>
    public static (double Sample, double[] Outputs) Predict(UniPCOptions solver, double[] sigmas)
    {
        var order = sigmas.Length - 1;
        if (sigmas[0] >= sigmas[1])
        {
            return (1, new double[order]);      // curves of old files come twice to their end, of newer ones within rounding
        }

        var step = new StepLength(solver, sigmas);
        var rho = order switch
        {
            1 => [],
            2 => [0.5],
            _ => step.Solve(order - 1),
        };
        return step.Factors(rho, newest: null);
    }

    /// <param name="solver">Which formula.</param>
    /// <param name="sigmas">sigma', sigma, and those before, newest first; order + 1 of them.</param>
    /// <returns>Factors of the sample and of the new output, m0, m1, ....</returns>
    public static (double Sample, double[] Outputs) Correct(UniPCOptions solver, double[] sigmas)
    {
        var order = sigmas.Length - 1;
        var step = new StepLength(solver, sigmas);
        var rho = order == 1 ? [0.5] : step.Solve(order);
        return step.Factors(rho[..^1], rho[^1]);
    }

    /// <summary>A step from sigma to sigma', and where earlier ones lie.</summary>
    private sealed class StepLength
    {
        private readonly double _sample;
        private readonly double _scale;
        private readonly double _q;
        private readonly double _b;
        private readonly double[] _r;

        public StepLength(UniPCOptions solver, double[] sigmas)
        {
            var ((a1, s1), (a0, s0)) = (MultistepPlan.Split(sigmas[0]), MultistepPlan.Split(sigmas[1]));
            var lambda = MultistepPlan.Lambda(sigmas[1]);
            var h = MultistepPlan.Lambda(sigmas[0]) - lambda;
            (_sample, _scale, _q) = solver.PredictX0 ? (s1 / s0, a1, -h) : (a1 / a0, s1, h);
            _b = solver.SolverType == SolverType.Bh1 ? _q : Math.Exp(_q) - 1;
            _r = [.. sigmas.Skip(2).Select(sigma => (MultistepPlan.Lambda(sigma) - lambda) / h), 1];
        }

        /// <summary>rho_1 to rho_p from the first p conditions.</summary>
        public double[] Solve(int count)
        {
            var rows = new double[count][];
            var (phi, factorial) = (((Math.Exp(_q) - 1) / _q) - 1, 1.0);
            for (var i = 0; i < count; i++)
            {
                rows[i] = [.. _r.Take(count).Select(r => Math.Pow(r, i)), phi * factorial / _b];
                factorial *= i + 2;
                phi = (phi / _q) - (1 / factorial);
            }

            return LinearSystem.Solve(rows);
        }

        public (double Sample, double[] Outputs) Factors(double[] rho, double? newest)
        {
            var earlier = rho.Select((value, k) => _b * value / _r[k]).ToArray();
            var now = Math.Exp(_q) - 1 - earlier.Sum() - (newest is null ? 0 : _b * newest.Value);
            double[] ahead = newest is null ? [] : [_b * newest.Value];
            return (_sample, [.. ahead.Append(now).Concat(earlier).Select(factor => -_scale * factor)]);
        }
    }
}
