using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>One step of a sampler.</summary>
/// <param name="Previous">The less noisy latent, [N, ...].</param>
/// <param name="Original">The clean latent that the step assumed, [N, ...]. The receiver disposes both.</param>
public sealed record SchedulerStep(Tensor Previous, Tensor Original);

/// <summary>A sampler: which timesteps it visits, and how a network's output becomes the next latent.</summary>
/// <remarks>
/// It keeps no state and serves any number of jobs at once; what a job must remember lies in its
/// <see cref="SchedulerHistory"/>. Noise is an input. A run, from noise eps of unit variance:
/// <code>
/// x = eps InitNoiseSigma
/// for each index k: x = TakeStep(network(ScaleModelInput(x, k), Timesteps[k]), x, history, noise if NeedsNoise(k)).Previous
/// </code>
/// </remarks>
public interface IScheduler
{
    /// <summary>The noise schedule that the network was trained with.</summary>
    NoiseSchedule Schedule { get; }

    /// <summary>Timesteps to visit, in order. A timestep may come twice.</summary>
    IReadOnlyList<double> Timesteps { get; }

    /// <summary>Type of the timesteps as the published library gives them: int64, or float32 where they may be fractional.</summary>
    ScalarType TimestepType { get; }

    /// <summary>Noise over signal at each timestep, and where the last step ends; empty for samplers that do without.</summary>
    IReadOnlyList<double> Sigmas { get; }

    /// <summary>Factor of unit noise at the start.</summary>
    double InitNoiseSigma { get; }

    /// <summary>What the network sees of a latent.</summary>
    /// <param name="sample">x, [N, ...].</param>
    /// <param name="index">Place in <see cref="Timesteps"/>.</param>
    /// <returns>[N, ...]. The caller disposes it.</returns>
    Tensor ScaleModelInput(Tensor sample, int index);

    /// <summary>Whether a step draws noise.</summary>
    /// <param name="index">Place in <see cref="Timesteps"/>.</param>
    /// <returns>True if <see cref="TakeStep"/> needs it.</returns>
    bool NeedsNoise(int index);

    /// <summary>Goes one step towards the clean latent.</summary>
    /// <param name="output">The network's output at the timestep of <see cref="SchedulerHistory.Index"/>, [N, ...].</param>
    /// <param name="sample">The latent, not scaled, [N, ...].</param>
    /// <param name="history">What earlier steps left; moved on by one step.</param>
    /// <param name="noise">Standard normal noise, [N, ...], where the step needs it.</param>
    /// <returns>The step's results. The caller disposes them.</returns>
    SchedulerStep TakeStep(Tensor output, Tensor sample, SchedulerHistory history, Tensor? noise = null);

    /// <summary>Mixes clean latents with noise, as they would be on the way at given timesteps.</summary>
    /// <param name="original">x0, [N, ...].</param>
    /// <param name="noise">eps, [N, ...].</param>
    /// <param name="timesteps">One timestep per latent; for samplers with sigmas one of <see cref="Timesteps"/>.</param>
    /// <returns>[N, ...]. The caller disposes it.</returns>
    Tensor AddNoise(Tensor original, Tensor noise, IReadOnlyList<double> timesteps);

    /// <summary>The velocity that the published library has a network learn at given timesteps.</summary>
    /// <param name="original">x0, [N, ...].</param>
    /// <param name="noise">eps, [N, ...].</param>
    /// <param name="timesteps">One timestep per latent; for samplers with sigmas one of <see cref="Timesteps"/>.</param>
    /// <returns>[N, ...]. The caller disposes it.</returns>
    Tensor Velocity(Tensor original, Tensor noise, IReadOnlyList<double> timesteps);
}
