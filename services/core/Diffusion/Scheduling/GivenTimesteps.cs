namespace Realiz3D.Mesh.Diffusion;

/// <summary>Timesteps of the caller's choice.</summary>
internal static class GivenTimesteps
{
    /// <summary>The given timesteps, checked; null if there are none.</summary>
    public static double[]? Of(NoiseSchedule schedule, SamplingOptions options)
    {
        if (options.Timesteps is not { } given)
        {
            return null;
        }

        var falling = given.Zip(given.Skip(1)).All(pair => pair.Second < pair.First);
        var within = given.All(t => t >= 0 && t < schedule.Config.NumTrainTimesteps);
        return given.Count == options.Steps && falling && within
            ? [.. given.Select(t => (double)t)]
            : throw new ArgumentException(
                $"Timesteps must be {options.Steps} falling numbers of 0 to {schedule.Config.NumTrainTimesteps - 1}.");
    }
}
