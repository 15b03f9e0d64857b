using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Training;

/// <summary>What the base model is trained on: which timesteps, and how much each counts.</summary>
/// <remarks>
/// The network predicts the clean latent x from z = sqrt(a) x + sqrt(1 - a) n. The squared error of the velocity
/// v = sqrt(a) n - sqrt(1 - a) x (Salimans and Ho 2022, arXiv:2202.00512, appendix D) is that of x times 1/(1 - a).
/// </remarks>
internal static class Objective
{
    /// <summary>1 - a below this counts as this: as t = 0.05 on the straight path, (0.05 / |(0.95, 0.05)|)^2.</summary>
    public const double SmallestNoise = 0.00276;

    /// <summary>Weight of the squared error of the clean latent.</summary>
    /// <param name="alphaBar">Cumulative product of the alphas at the timestep.</param>
    /// <returns>1/(1 - a), bounded by 1/<see cref="SmallestNoise"/>.</returns>
    public static double VelocityWeight(double alphaBar) => 1 / Math.Max(1 - alphaBar, SmallestNoise);

    /// <summary>Draws a timestep, the middle of the path more often than its ends.</summary>
    /// <remarks>
    /// Logit-normal, Esser et al. 2024, arXiv:2403.03206, section 3.1. On the cosine schedule t/T is the angle over pi/2,
    /// which stays within 0.06 of the straight path's t, so the same density serves.
    /// </remarks>
    /// <param name="normal">A standard normal number.</param>
    /// <param name="count">Timesteps of the schedule, T.</param>
    /// <returns>0 to T - 1.</returns>
    public static int Timestep(double normal, int count)
    {
        var u = 1 / (1 + Math.Exp(-normal));
        return Math.Clamp((int)(u * count), 0, count - 1);
    }

    /// <summary>Timesteps for a batch: one in eight uniform, so that the first steps of sampling are not starved.</summary>
    /// <param name="random">Source of the draws.</param>
    /// <param name="step">Step of the counter.</param>
    /// <param name="items">Items of the batch.</param>
    /// <param name="count">Timesteps of the schedule.</param>
    /// <returns>One timestep per item.</returns>
    public static long[] Timesteps(Philox random, int step, int items, int count)
    {
        var timesteps = new long[items];
        for (var i = 0; i < items; i++)
        {
            timesteps[i] = i % 8 == 0
                ? random.Below(count, step, i)
                : Timestep(random.Normal(step, (1L << 32) + (2L * i)), count);
        }

        return timesteps;
    }
}
