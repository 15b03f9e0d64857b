namespace Realiz3D.Mesh.Diffusion;

/// <summary>Which of the training timesteps a sampler of few steps visits, noisiest first.</summary>
/// <remarks>
/// Source: Lin et al. 2023, arXiv:2305.08891, table 2. Halves are rounded to even and sequences are made as numpy makes them,
/// so that published folders give the same timesteps here.
/// </remarks>
internal static class Timesteps
{
    /// <summary>Falling timesteps in the spacing that the configuration asks for.</summary>
    /// <param name="config">Spacing, offset and number of training timesteps, T.</param>
    /// <param name="steps">Steps of the sampler.</param>
    /// <param name="dropLast">Whether leading and linspace are made with one point more, and the one at 0 dropped.</param>
    /// <param name="top">Count of timesteps to spread over; T if not given.</param>
    /// <param name="round">Whether linspace is rounded.</param>
    /// <returns>The timesteps.</returns>
    public static double[] Of(SchedulerConfig config, int steps, bool dropLast = false, int? top = null, bool round = true)
    {
        var trained = config.NumTrainTimesteps;
        if (steps < 1 || steps > trained)
        {
            throw new ArgumentOutOfRangeException(nameof(steps), steps, $"Steps must be 1 to {trained}.");
        }

        var (points, last) = (dropLast ? steps + 1 : steps, top ?? trained);
        var rising = config.TimestepSpacing switch
        {
            TimestepSpacing.Leading => Enumerable.Range(0, points).Select(k => (double)((k * (last / points)) + config.StepsOffset)),
            TimestepSpacing.Trailing => Trailing(last, (double)trained / steps).Reverse(),
            _ => Line(0, last - 1, points).Select(t => round ? Math.Round(t) : t),
        };
        double[] timesteps = [.. rising.Skip(dropLast && config.TimestepSpacing != TimestepSpacing.Trailing ? 1 : 0).Reverse()];
        foreach (var t in timesteps)
        {
            if (t < 0 || t > trained - 1)
            {
                throw new ArgumentException(
                    $"With {steps} steps, timestep_spacing {config.TimestepSpacing} and steps_offset {config.StepsOffset} reach timestep {t}, "
                        + $"outside 0 to {trained - 1}.");
            }
        }

        return timesteps;
    }

    /// <summary>Evenly spaced numbers with both ends, as numpy.linspace gives them.</summary>
    public static double[] Line(double first, double last, int count)
    {
        var step = count > 1 ? (last - first) / (count - 1) : 0;
        double[] line = [.. Enumerable.Range(0, count).Select(k => (k * step) + first)];
        if (count > 1)
        {
            line[^1] = last;
        }

        return line;
    }

    /// <summary>round(top - k step) - 1 down to 0. numpy.arange(top, 0, -step) may have one more by rounding, -1.</summary>
    private static double[] Trailing(int top, double step)
    {
        // numpy takes the difference of the first two numbers for the step.
        var difference = (top - step) - top;
        var count = (int)Math.Ceiling((0 - top) / -step);
        return [.. Enumerable.Range(0, count).Select(k => Math.Round(top + (k * difference)) - 1).Where(t => t >= 0)];
    }
}
