namespace Realiz3D.Mesh.Diffusion;

/// <summary>Coefficients of DPM-Solver's steps: x' = p x + q0 m0 + q1 m1 + q2 m2 (+ noise), m0 the newest output.</summary>
/// <remarks>
/// With h = lambda' - lambda, r0 h and r1 h the two steps before, D0 = m0, D1 and D2 the divided differences of the outputs
/// (Lu et al. 2022, arXiv:2211.01095, appendix B):
/// <code>
/// clean latent, x' = s'/s x + a' (phi1 D0 + phi2 D1 + phi3 D2):
///   phi1 = 1 - e^-h;  phi2 = 1 - phi1/h (heun), phi1/2 (midpoint);  phi3 = 1/2 - (h - phi1)/h^2
/// noise, x' = a'/a x - s' (psi1 D0 + psi2 D1 + psi3 D2):
///   psi1 = e^h - 1;   psi2 = psi1/h - 1 (heun), psi1/2 (midpoint);  psi3 = (psi1 - h)/h^2 - 1/2
/// stochastic: clean latent with e^-2h, s'/s e^-h and noise s' sqrt(1 - e^-2h); noise with psi doubled and s' sqrt(e^2h - 1)
/// order 2: D1 = (m0 - m1)/r0;   order 3: u = (m0 - m1)/r0, v = (m1 - m2)/r1, D1 = u + r0/(r0 + r1) (u - v), D2 = (u - v)/(r0 + r1)
/// </code>
/// D2 is half of what the expansion asks for; so it is published, and so it is here.
/// </remarks>
internal static class DpmSolverFormulas
{
    /// <param name="solver">Which formula.</param>
    /// <param name="order">1 to 3.</param>
    /// <param name="sigmas">sigma', sigma, and those before, newest first; order + 1 of them.</param>
    /// <returns>Factor of the sample, and of each output, newest first.</returns>
    public static (double Sample, double[] Outputs) Step(DpmSolverOptions solver, int order, double[] sigmas)
    {
        if (IsNoStep(sigmas))
        {
            return (1, new double[order]);
        }

        var ((a1, s1), (a0, s0)) = (MultistepPlan.Split(sigmas[0]), MultistepPlan.Split(sigmas[1]));
        var h = MultistepPlan.Lambda(sigmas[0]) - MultistepPlan.Lambda(sigmas[1]);
        var (first, second, third) = solver.OfNoise ? OfNoise(solver, order, h) : OfOriginal(solver, order, h);
        var scale = solver.OfNoise ? -s1 : a1;
        var sample = solver.OfNoise ? a1 / a0 : s1 / s0 * (solver.IsStochastic ? Math.Exp(-h) : 1);

        return (sample, [.. Differences(order, sigmas, h, first, second, third).Select(q => scale * q)]);
    }

    /// <summary>Factor of the noise in a stochastic step.</summary>
    public static double Noise(DpmSolverOptions solver, double[] sigmas)
    {
        if (IsNoStep(sigmas))
        {
            return 0;
        }

        var h = MultistepPlan.Lambda(sigmas[0]) - MultistepPlan.Lambda(sigmas[1]);
        return MultistepPlan.Split(sigmas[0]).Noise * Math.Sqrt(solver.OfNoise ? Math.Exp(2 * h) - 1 : 1 - Math.Exp(-2 * h));
    }

    /// <summary>Curves of old files come twice to their end, those of newer ones within rounding.</summary>
    private static bool IsNoStep(double[] sigmas) => sigmas[0] >= sigmas[1];

    private static (double First, double Second, double Third) OfOriginal(DpmSolverOptions solver, int order, double h)
    {
        var span = solver.IsStochastic ? 2 * h : h;
        var first = 1 - Math.Exp(-span);
        var second = IsExact(solver, order) ? 1 - (first / span) : first / 2;
        return (first, second, 0.5 - ((h - first) / (h * h)));
    }

    private static (double First, double Second, double Third) OfNoise(DpmSolverOptions solver, int order, double h)
    {
        var times = solver.IsStochastic ? 2 : 1;
        var first = Math.Exp(h) - 1;
        var second = IsExact(solver, order) ? (first / h) - 1 : first / 2;
        return (times * first, times * second, ((first - h) / (h * h)) - 0.5);
    }

    /// <summary>Whether D1 is integrated exactly. The third order has no midpoint form.</summary>
    private static bool IsExact(DpmSolverOptions solver, int order) => order == 3 || solver.SolverType == SolverType.Heun;

    /// <summary>Rewrites factors of D0, D1 and D2 as factors of the outputs.</summary>
    private static double[] Differences(int order, double[] sigmas, double h, double first, double second, double third)
    {
        if (order == 1)
        {
            return [first];
        }

        var r0 = (MultistepPlan.Lambda(sigmas[1]) - MultistepPlan.Lambda(sigmas[2])) / h;
        if (order == 2)
        {
            return [first + (second / r0), -second / r0];
        }

        var r1 = (MultistepPlan.Lambda(sigmas[2]) - MultistepPlan.Lambda(sigmas[3])) / h;
        var u = second + (((second * r0) + third) / (r0 + r1));      // factor of (m0 - m1)/r0
        var v = -((second * r0) + third) / (r0 + r1);                // factor of (m1 - m2)/r1
        return [first + (u / r0), (v / r1) - (u / r0), -v / r1];
    }
}
