namespace Realiz3D.Mesh.Diffusion;

/// <summary>Which of the training timesteps a sampler of few steps visits, noisiest first.</summary>
/// <remarks>
/// Source: Lin et al. 2023, arXiv:2305.08891, table 2. Halves are rounded to even, as numpy does, so that published
/// folders give the same timesteps here.
/// </remarks>
internal static class Timesteps
{
    /// <param name="config">Spacing, offset and number of training timesteps.</param>
    /// <param name="steps">Steps of the sampler.</param>
    /// <returns>Falling timesteps.</returns>
    public static int[] Of(SchedulerConfig config, int steps)
    {
        var trained = config.NumTrainTimesteps;
        if (steps < 1 || steps > trained)
        {
            throw new ArgumentOutOfRangeException(nameof(steps), steps, $"Steps must be 1 to {trained}.");
        }

        var order = Enumerable.Range(0, steps);
        return config.TimestepSpacing switch
        {
            TimestepSpacing.Leading =>
                [.. order.Select(k => ((steps - 1 - k) * (trained / steps)) + config.StepsOffset)],
            TimestepSpacing.Trailing =>
                [.. order.Select(k => (int)Math.Round(trained - (k * ((double)trained / steps))) - 1)],
            _ when steps == 1 => [0],
            _ => [.. order.Select(k => (int)Math.Round((steps - 1 - k) * ((trained - 1.0) / (steps - 1))))],
        };
    }
}
