namespace Realiz3D.Mesh.Diffusion;

/// <summary>Sigma, noise over signal, as a function of the timestep and back, and the curves that samplers run along.</summary>
/// <remarks>
/// sigma_t = sqrt((1 - abar_t) / abar_t) at whole timesteps, linear between them; back through log sigma. float32 where the
/// published libraries have it, since some timesteps are rounded afterwards.
/// Sources: Karras et al. 2022, arXiv:2206.00364, equation 5 with rho = 7; Lu et al. 2022, arXiv:2211.01095, section 4 (even in
/// lambda = -log sigma).
/// </remarks>
internal sealed class SigmaTable
{
    private const double Rho = 7;

    private readonly double[] _sigmas;
    private readonly double[] _logSigmas;

    /// <param name="schedule">Gives sigma at every training timestep.</param>
    public SigmaTable(NoiseSchedule schedule)
    {
        _sigmas = [.. Enumerable.Range(0, schedule.AlphasCumprod.Count).Select(schedule.Sigma)];
        _logSigmas = [.. _sigmas.Select(sigma => (double)MathF.Log((float)sigma))];
    }

    /// <summary>Sigma of the first timestep, the least noisy.</summary>
    public double Least => _sigmas[0];

    /// <summary>Sigma of the last timestep, the noisiest.</summary>
    public double Most => _sigmas[^1];

    /// <summary>Sigma at a timestep, which may be fractional; flat beyond the ends.</summary>
    public double At(double timestep)
    {
        var t = Math.Clamp(timestep, 0, _sigmas.Length - 1);
        var low = (int)t;
        return t == low ? _sigmas[low] : ((_sigmas[low + 1] - _sigmas[low]) * (t - low)) + _sigmas[low];
    }

    /// <summary>The timestep, perhaps fractional, of a sigma; the ends beyond them.</summary>
    public double TimestepOf(double sigma)
    {
        var log = Math.Log(Math.Max(sigma, 1e-10));
        var above = Array.FindIndex(_logSigmas, known => known > log);
        var low = Math.Clamp((above < 0 ? _logSigmas.Length : above) - 1, 0, _logSigmas.Length - 2);
        var weight = Math.Clamp((_logSigmas[low] - log) / (_logSigmas[low] - _logSigmas[low + 1]), 0, 1);
        return ((1 - weight) * low) + (weight * (low + 1));
    }

    /// <summary>Even steps in sigma^(1/7).</summary>
    public static double[] Karras(double most, double least, int count)
    {
        var (from, to) = (Math.Pow(most, 1 / Rho), Math.Pow(least, 1 / Rho));
        return [.. Timesteps.Line(0, 1, count).Select(ramp => Math.Pow(from + (ramp * (to - from)), Rho))];
    }

    /// <summary>Even steps in log sigma.</summary>
    public static double[] LogLinear(double most, double least, int count)
    {
        var (from, to) = ((double)MathF.Log((float)most), (double)MathF.Log((float)least));
        return [.. Timesteps.Line(0, 1, count).Select(ramp => Math.Exp(from + (ramp * (to - from))))];
    }
}
