using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>The variances that training added at each timestep.</summary>
/// <remarks>
/// float32, in the published libraries' order of operations, so that rounded timesteps come out the same.
/// Sources: Ho et al. 2020, arXiv:2006.11239, section 4 (linear); Rombach et al. 2022, arXiv:2112.10752 (scaled linear);
/// Nichol and Dhariwal 2021, arXiv:2102.09672, equation 17 (cosine); Xu et al. 2022, arXiv:2203.02923 (sigmoid);
/// Lin et al. 2023, arXiv:2305.08891, algorithm 1 (zero terminal signal).
/// </remarks>
internal static class BetaCurves
{
    private const double MostCosineBeta = 0.999;

    /// <summary>beta of every timestep, [T].</summary>
    public static Tensor Of(SchedulerConfig config)
    {
        using var scope = NewDisposeScope();
        var (count, first, last) = (config.NumTrainTimesteps, config.BetaStart, config.BetaEnd);
        var betas = config switch
        {
            { TrainedBetas: { } trained } => tensor(trained.Select(beta => (float)beta).ToArray()),
            { BetaSchedule: BetaSchedule.Linear } => linspace(first, last, count),
            { BetaSchedule: BetaSchedule.ScaledLinear } => linspace(Math.Sqrt(first), Math.Sqrt(last), count).pow(2),
            { BetaSchedule: BetaSchedule.Sigmoid } => linspace(-6, 6, count).sigmoid() * (last - first) + first,
            _ => tensor(Cosine(count)),
        };
        return (config.RescaleBetasZeroSnr ? RescaleToZeroTerminalSignal(betas) : betas).MoveToOuterDisposeScope();
    }

    /// <summary>f(u) = cos^2((u + 0.008)/1.008 pi/2);  beta_i = min(1 - f((i+1)/T)/f(i/T), 0.999).</summary>
    private static float[] Cosine(int count)
    {
        static double F(double u) => Math.Pow(Math.Cos((u + 0.008) / 1.008 * Math.PI / 2), 2);
        return [.. Enumerable.Range(0, count).Select(i => (float)Math.Min(1 - (F((i + 1.0) / count) / F((double)i / count)), MostCosineBeta))];
    }

    /// <summary>Shifts and stretches sqrt(abar) so that the first stays and the last becomes zero.</summary>
    private static Tensor RescaleToZeroTerminalSignal(Tensor betas)
    {
        var root = (1 - betas).cumprod(0).sqrt();
        var (first, last) = (root[0].clone(), root[-1].clone());
        var stretched = ((root - last) * (first / (first - last))).pow(2);
        var alphas = cat([stretched.narrow(0, 0, 1), stretched.narrow(0, 1, betas.shape[0] - 1) / stretched.narrow(0, 0, betas.shape[0] - 1)], 0);
        return 1 - alphas;
    }
}
