using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>How much signal and noise a latent holds at each timestep, and what follows from that.</summary>
/// <remarks>
/// <code>
/// abar_t = (1 - beta_0) ... (1 - beta_t)        x_t = sqrt(abar_t) x0 + sqrt(1 - abar_t) eps
/// v_t = sqrt(abar_t) eps - sqrt(1 - abar_t) x0
/// </code>
/// Sources: Ho et al. 2020, arXiv:2006.11239, equation 4 (linear); Rombach et al. 2022, arXiv:2112.10752 (scaled linear);
/// Nichol and Dhariwal 2021, arXiv:2102.09672, equation 17 (cosine); Salimans and Ho 2022, arXiv:2202.00512, appendix D
/// (velocity); Lin et al. 2023, arXiv:2305.08891, algorithm 1 (zero terminal signal). Products are kept in double.
/// </remarks>
public sealed class NoiseSchedule
{
    private readonly double[] _alphasCumprod;

    /// <param name="config">Settings.</param>
    public NoiseSchedule(SchedulerConfig config)
    {
        ConfigProblem.ThrowIfAny(config);
        Config = config;

        var product = 1.0;
        _alphasCumprod = [.. Betas(config).Select(beta => product *= 1 - beta)];
        if (config.RescaleBetasZeroSnr)
        {
            RescaleToZeroTerminalSignal(_alphasCumprod);
        }
    }

    /// <summary>Settings.</summary>
    public SchedulerConfig Config { get; }

    /// <summary>abar of every timestep, falling.</summary>
    public IReadOnlyList<double> AlphasCumprod => _alphasCumprod;

    /// <summary>Noise over signal at a timestep, sqrt((1 - abar) / abar).</summary>
    /// <param name="timestep">0 to T - 1.</param>
    /// <returns>Sigma.</returns>
    public double Sigma(int timestep) => Math.Sqrt((1 - _alphasCumprod[timestep]) / _alphasCumprod[timestep]);

    /// <summary>Mixes clean latents with noise.</summary>
    /// <param name="original">x0, [N, ...].</param>
    /// <param name="noise">eps, [N, ...].</param>
    /// <param name="timesteps">One timestep per latent.</param>
    /// <returns>x_t, [N, ...]. The caller disposes it.</returns>
    public Tensor AddNoise(Tensor original, Tensor noise, ReadOnlySpan<int> timesteps)
    {
        using var scope = NewDisposeScope();
        var (signal, sigma) = Factors(timesteps, original);
        return (signal * original + sigma * noise).MoveToOuterDisposeScope();
    }

    /// <summary>The velocity that a <see cref="PredictionType.VPrediction"/> network learns.</summary>
    /// <param name="original">x0, [N, ...].</param>
    /// <param name="noise">eps, [N, ...].</param>
    /// <param name="timesteps">One timestep per latent.</param>
    /// <returns>v_t, [N, ...]. The caller disposes it.</returns>
    public Tensor Velocity(Tensor original, Tensor noise, ReadOnlySpan<int> timesteps)
    {
        using var scope = NewDisposeScope();
        var (signal, sigma) = Factors(timesteps, original);
        return (signal * noise - sigma * original).MoveToOuterDisposeScope();
    }

    /// <summary>The clean latents that a network's output implies.</summary>
    /// <param name="output">The network's output, [N, ...], of the kind that <see cref="Config"/> says.</param>
    /// <param name="sample">x_t, [N, ...].</param>
    /// <param name="timesteps">One timestep per latent.</param>
    /// <returns>x0, [N, ...]. The caller disposes it.</returns>
    public Tensor ToOriginal(Tensor output, Tensor sample, ReadOnlySpan<int> timesteps)
    {
        using var scope = NewDisposeScope();
        var (signal, sigma) = Factors(timesteps, sample);
        return (Config.PredictionType switch
        {
            PredictionType.Epsilon => (sample - sigma * output) / signal,
            PredictionType.VPrediction => signal * sample - sigma * output,
            _ => output.alias(),
        }).MoveToOuterDisposeScope();
    }

    /// <summary>The noise that a network's output implies.</summary>
    /// <param name="output">The network's output, [N, ...], of the kind that <see cref="Config"/> says.</param>
    /// <param name="sample">x_t, [N, ...].</param>
    /// <param name="timesteps">One timestep per latent.</param>
    /// <returns>eps, [N, ...]. The caller disposes it.</returns>
    public Tensor ToEpsilon(Tensor output, Tensor sample, ReadOnlySpan<int> timesteps)
    {
        using var scope = NewDisposeScope();
        var (signal, sigma) = Factors(timesteps, sample);
        return (Config.PredictionType switch
        {
            PredictionType.Epsilon => output.alias(),
            PredictionType.VPrediction => signal * output + sigma * sample,
            _ => (sample - signal * output) / sigma,
        }).MoveToOuterDisposeScope();
    }

    /// <summary>sqrt(abar) and sqrt(1 - abar) of each latent, shaped to multiply it.</summary>
    /// <param name="timesteps">One timestep per latent.</param>
    /// <param name="like">Gives batch, rank, type and device, [N, ...].</param>
    /// <returns>Both [N, 1, ...]. The caller disposes them.</returns>
    public (Tensor Signal, Tensor Noise) Factors(ReadOnlySpan<int> timesteps, Tensor like)
    {
        if (timesteps.Length != like.shape[0])
        {
            throw new ArgumentException($"{timesteps.Length} timesteps for a batch of {like.shape[0]}.");
        }

        var signal = new double[timesteps.Length];
        var sigma = new double[timesteps.Length];
        for (var i = 0; i < timesteps.Length; i++)
        {
            signal[i] = Math.Sqrt(_alphasCumprod[timesteps[i]]);
            sigma[i] = Math.Sqrt(1 - _alphasCumprod[timesteps[i]]);
        }

        using var scope = NewDisposeScope();
        var shape = new long[like.shape.Length];
        Array.Fill(shape, 1);
        shape[0] = timesteps.Length;
        return scope.MoveToOuter(
            tensor(signal, shape).to(like.dtype).to(like.device),
            tensor(sigma, shape).to(like.dtype).to(like.device));
    }

    private static IEnumerable<double> Betas(SchedulerConfig config)
    {
        var (count, first, last) = (config.NumTrainTimesteps, config.BetaStart, config.BetaEnd);
        return config switch
        {
            { TrainedBetas: { } trained } => trained,
            { BetaSchedule: BetaSchedule.Linear } => Line(first, last, count),
            { BetaSchedule: BetaSchedule.ScaledLinear }
                => Line(Math.Sqrt(first), Math.Sqrt(last), count).Select(root => root * root),
            _ => Enumerable.Range(0, count)
                .Select(i => Math.Min(1 - (Cosine((i + 1.0) / count) / Cosine((double)i / count)), 0.999)),
        };
    }

    private static IEnumerable<double> Line(double first, double last, int count) =>
        Enumerable.Range(0, count).Select(i => first + (i * (last - first) / (count - 1)));

    private static double Cosine(double u)
    {
        var c = Math.Cos((u + 0.008) / 1.008 * Math.PI / 2);
        return c * c;
    }

    /// <summary>Shifts and stretches sqrt(abar) so that the first stays and the last becomes zero.</summary>
    private static void RescaleToZeroTerminalSignal(double[] alphasCumprod)
    {
        var (first, last) = (Math.Sqrt(alphasCumprod[0]), Math.Sqrt(alphasCumprod[^1]));
        for (var t = 0; t < alphasCumprod.Length; t++)
        {
            var root = (Math.Sqrt(alphasCumprod[t]) - last) * first / (first - last);
            alphasCumprod[t] = root * root;
        }
    }
}
