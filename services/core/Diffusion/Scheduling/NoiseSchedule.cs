using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>How much signal and noise a latent holds at each timestep, and what follows from that.</summary>
/// <remarks>
/// <code>
/// abar_t = (1 - beta_0) ... (1 - beta_t)        x_t = sqrt(abar_t) x0 + sqrt(1 - abar_t) eps
/// v_t = sqrt(abar_t) eps - sqrt(1 - abar_t) x0
/// </code>
/// Sources: Ho et al. 2020, arXiv:2006.11239, equation 4; Salimans and Ho 2022, arXiv:2202.00512, appendix D (velocity);
/// Saharia et al. 2022, arXiv:2205.11487, section 2.3 (dynamic thresholding); Hang et al. 2023, arXiv:2303.09556, equation 7
/// (min-SNR weights). Betas, their products and sigmas are float32, as in the published libraries.
/// </remarks>
public sealed class NoiseSchedule
{
    /// <summary>Stands for no signal where a sigma must stay finite, as in diffusers: sigma becomes 4096.</summary>
    private const double LeastSignal = 1.0 / (1 << 24);

    private readonly double[] _betas;
    private readonly double[] _alphasCumprod;

    /// <param name="config">Settings.</param>
    public NoiseSchedule(SchedulerConfig config)
    {
        ConfigProblem.ThrowIfAny(config);
        Config = config;

        using var scope = NewDisposeScope();
        var betas = BetaCurves.Of(config);
        _betas = Numbers(betas);
        _alphasCumprod = Numbers((1 - betas).cumprod(0));
        if (config.RescaleBetasZeroSnr && Schedulers.UseSigmas(config.ClassName))
        {
            _alphasCumprod[^1] = LeastSignal;
        }
    }

    /// <summary>Settings.</summary>
    public SchedulerConfig Config { get; }

    /// <summary>beta of every timestep.</summary>
    public IReadOnlyList<double> Betas => _betas;

    /// <summary>abar of every timestep, falling.</summary>
    public IReadOnlyList<double> AlphasCumprod => _alphasCumprod;

    /// <summary>Noise over signal at a timestep, sqrt((1 - abar) / abar).</summary>
    /// <param name="timestep">0 to T - 1.</param>
    /// <returns>Sigma, a float32.</returns>
    public double Sigma(int timestep)
    {
        var a = (float)_alphasCumprod[timestep];
        return MathF.Sqrt((1 - a) / a);
    }

    /// <summary>Signal over noise at a timestep in powers, abar / (1 - abar).</summary>
    /// <param name="timestep">0 to T - 1.</param>
    /// <returns>SNR.</returns>
    public double SignalToNoise(int timestep) => _alphasCumprod[timestep] / (1 - _alphasCumprod[timestep]);

    /// <summary>Weight of a timestep's squared error in training, so that no timestep dominates.</summary>
    /// <param name="timestep">0 to T - 1.</param>
    /// <param name="gamma">Largest SNR that counts, usually 5.</param>
    /// <param name="type">What the network predicts.</param>
    /// <returns>min(SNR, gamma) over SNR (epsilon), over SNR + 1 (velocity), or as it is (clean latent).</returns>
    public double MinSnrWeight(int timestep, double gamma, PredictionType type)
    {
        var snr = SignalToNoise(timestep);
        return type switch
        {
            PredictionType.Epsilon => snr < gamma ? 1 : gamma / snr,
            PredictionType.VPrediction => Math.Min(snr, gamma) / (snr + 1),
            _ => Math.Min(snr, gamma),
        };
    }

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
        return ToEpsilon(output, sample, signal, sigma).MoveToOuterDisposeScope();
    }

    /// <summary>The noise that a network's output implies, at timesteps that may be fractional.</summary>
    /// <remarks>
    /// Between whole timesteps sigma is linear, as in the samplers that visit such timesteps; abar = 1 / (sigma^2 + 1).
    /// </remarks>
    /// <param name="output">The network's output, [N, ...], of the kind that <see cref="Config"/> says.</param>
    /// <param name="sample">x_t, [N, ...].</param>
    /// <param name="timesteps">One timestep per latent, 0 to T - 1.</param>
    /// <returns>eps, [N, ...]. The caller disposes it.</returns>
    public Tensor ToEpsilon(Tensor output, Tensor sample, ReadOnlySpan<double> timesteps)
    {
        using var scope = NewDisposeScope();
        var alphas = new double[timesteps.Length];
        for (var i = 0; i < alphas.Length; i++)
        {
            alphas[i] = AlphaCumprodAt(timesteps[i]);
        }

        var (signal, sigma) = FactorsOf(alphas, sample);
        return ToEpsilon(output, sample, signal, sigma).MoveToOuterDisposeScope();
    }

    /// <summary>sqrt(abar) and sqrt(1 - abar) of each latent, shaped to multiply it.</summary>
    /// <param name="timesteps">One timestep per latent.</param>
    /// <param name="like">Gives batch, rank, type and device, [N, ...].</param>
    /// <returns>Both [N, 1, ...]. The caller disposes them.</returns>
    public (Tensor Signal, Tensor Noise) Factors(ReadOnlySpan<int> timesteps, Tensor like)
    {
        var alphas = new double[timesteps.Length];
        for (var i = 0; i < alphas.Length; i++)
        {
            alphas[i] = _alphasCumprod[timesteps[i]];
        }

        return FactorsOf(alphas, like);
    }

    /// <summary>Refuses a run through a timestep of pure noise with a network that predicts noise.</summary>
    internal void RefuseOutputsWithoutSignal(IReadOnlyList<double> timesteps)
    {
        if (Config.PredictionType == PredictionType.Epsilon && timesteps.Any(t => _alphasCumprod[(int)t] == 0))
        {
            throw new ArgumentException(
                "With rescale_betas_zero_snr the last timestep is pure noise, from which no clean latent follows: prediction_type must "
                    + "be v_prediction or sample, or timestep_spacing leave that timestep out.");
        }
    }

    private static (Tensor Signal, Tensor Noise) FactorsOf(double[] alphas, Tensor like)
    {
        if (alphas.Length != like.shape[0])
        {
            throw new ArgumentException($"{alphas.Length} timesteps for a batch of {like.shape[0]}.");
        }

        using var scope = NewDisposeScope();
        var shape = new long[like.shape.Length];
        Array.Fill(shape, 1);
        shape[0] = alphas.Length;
        return scope.MoveToOuter(
            tensor(Array.ConvertAll(alphas, Math.Sqrt), shape).to(like.dtype).to(like.device),
            tensor(Array.ConvertAll(alphas, a => Math.Sqrt(1 - a)), shape).to(like.dtype).to(like.device));
    }

    private double AlphaCumprodAt(double timestep)
    {
        var low = (int)timestep;
        if (timestep == low)
        {
            return _alphasCumprod[low];
        }

        var sigma = Sigma(low) + ((timestep - low) * (Sigma(low + 1) - Sigma(low)));
        return 1 / ((sigma * sigma) + 1);
    }

    private Tensor ToEpsilon(Tensor output, Tensor sample, Tensor signal, Tensor sigma) => Config.PredictionType switch
    {
        PredictionType.Epsilon => output.alias(),
        PredictionType.VPrediction => signal * output + sigma * sample,
        _ => (sample - signal * output) / sigma,
    };

    private static double[] Numbers(Tensor values) => [.. values.data<float>().ToArray().Select(value => (double)value)];
}
