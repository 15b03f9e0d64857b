namespace Realiz3D.Mesh.Diffusion;

/// <summary>Even steps in another variable than the timestep.</summary>
internal enum SigmaCurve
{
    /// <summary>As the timesteps fall.</summary>
    OfTimesteps,

    /// <summary>In the seventh root of sigma.</summary>
    Karras,

    /// <summary>In log sigma.</summary>
    LogLinear,
}

/// <summary>Timesteps and sigmas of DPM-Solver and UniPC.</summary>
/// <remarks>On the curves, which span the whole of training, timesteps are rounded and sigmas are not.</remarks>
internal static class MultistepPlan
{
    /// <param name="schedule">Noise schedule.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="curve">How sigma runs.</param>
    /// <param name="final">Where the last step ends; null for files without that key: at timestep 0, on a curve at its own end.</param>
    /// <param name="top">Count of timesteps to spread over; all if not given.</param>
    public static (double[] Timesteps, double[] Sigmas) Of(
        NoiseSchedule schedule, int steps, SigmaCurve curve, FinalSigmasType? final, int? top = null)
    {
        var table = new SigmaTable(schedule);
        var timesteps = Timesteps.Of(schedule.Config, steps, dropLast: true, top);
        double[] sigmas = [.. timesteps.Select(table.At)];
        if (curve != SigmaCurve.OfTimesteps)
        {
            sigmas = curve == SigmaCurve.Karras
                ? SigmaTable.Karras(table.Most, table.Least, steps)
                : SigmaTable.LogLinear(table.Most, table.Least, steps);
            timesteps = [.. sigmas.Select(sigma => Math.Round(table.TimestepOf(sigma)))];
        }

        var end = final switch
        {
            FinalSigmasType.Zero => 0,
            null when curve != SigmaCurve.OfTimesteps => sigmas[^1],
            _ => table.Least,
        };
        return (timesteps, [.. sigmas, end]);
    }

    /// <summary>Signal and noise of a unit-variance latent: 1/sqrt(1 + sigma^2) and sigma times that.</summary>
    public static (double Signal, double Noise) Split(double sigma)
    {
        var signal = 1 / Math.Sqrt((sigma * sigma) + 1);
        return (signal, sigma * signal);
    }

    /// <summary>Half the logarithm of signal over noise in powers, -log sigma.</summary>
    public static double Lambda(double sigma) => -Math.Log(sigma);
}
