using System.Text.Json.Serialization;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Form of a multistep formula.</summary>
public enum SolverType
{
    /// <summary>DPM-Solver, second order: slope at the middle.</summary>
    Midpoint,

    /// <summary>DPM-Solver, second order: exact integral of the line.</summary>
    Heun,

    /// <summary>UniPC with B(h) = h.</summary>
    Bh1,

    /// <summary>UniPC with B(h) = exp(h) - 1.</summary>
    Bh2,

    /// <summary>A name of other samplers, which takes the sampler's own form here, as in diffusers.</summary>
    Logrho,
}

/// <summary>What <c>scheduler_config.json</c> says for DPM-Solver alone.</summary>
/// <param name="AlgorithmType">dpmsolver++ (of the clean latent), dpmsolver (of the noise), sde- before either, or deis.</param>
/// <param name="SolverOrder">1 to 3.</param>
/// <param name="SolverType">Form of the second order.</param>
/// <param name="LowerOrderFinal">Whether short runs end with lower orders.</param>
/// <param name="EulerAtFinal">Whether the last step is of first order.</param>
/// <param name="UseKarrasSigmas">Whether sigma runs evenly in its seventh root.</param>
/// <param name="UseLuLambdas">Whether sigma runs evenly in its logarithm.</param>
/// <param name="UseExponentialSigmas">The same in newer files; only false exists.</param>
/// <param name="UseBetaSigmas">Sigmas by a beta distribution; only false exists.</param>
/// <param name="LambdaMinClipped">Timesteps with a lesser lambda are left out.</param>
/// <param name="VarianceType">learned or learned_range: the network's channels after the third are left out.</param>
/// <param name="FinalSigmasType">Where the last step ends; absent in files before diffusers 0.26: at timestep 0.</param>
public sealed record DpmSolverOptions(
    string AlgorithmType = "dpmsolver++",
    int SolverOrder = 2,
    [property: JsonConverter(typeof(SnakeCaseEnumConverter<SolverType>))]
    SolverType SolverType = SolverType.Midpoint,
    bool LowerOrderFinal = true,
    bool EulerAtFinal = false,
    bool UseKarrasSigmas = false,
    bool UseLuLambdas = false,
    bool UseExponentialSigmas = false,
    bool UseBetaSigmas = false,
    double LambdaMinClipped = double.NegativeInfinity,
    string? VarianceType = null,
    [property: JsonConverter(typeof(SnakeCaseEnumConverter<FinalSigmasType>))]
    FinalSigmasType? FinalSigmasType = null) : IComponentConfig
{
    /// <summary>Whether steps draw noise.</summary>
    [JsonIgnore]
    public bool IsStochastic => AlgorithmType.StartsWith("sde-", StringComparison.Ordinal);

    /// <summary>Whether formulas are of the noise rather than of the clean latent.</summary>
    [JsonIgnore]
    public bool OfNoise => AlgorithmType is "dpmsolver" or "sde-dpmsolver";

    /// <summary>Whether the network gives a variance besides.</summary>
    [JsonIgnore]
    public bool HasVariance => VarianceType is "learned" or "learned_range";

    /// <inheritdoc/>
    public string? Problem() => this switch
    {
        { AlgorithmType: not ("dpmsolver" or "dpmsolver++" or "sde-dpmsolver" or "sde-dpmsolver++" or "deis") }
            => $"algorithm_type {AlgorithmType} is unknown; say dpmsolver++, dpmsolver, sde-dpmsolver++, sde-dpmsolver or deis.",
        { SolverOrder: < 1 or > 3 } => $"solver_order is {SolverOrder}, not 1 to 3.",
        { SolverOrder: 3, IsStochastic: true } => $"solver_order 3 has no formula for algorithm_type {AlgorithmType}; say 1 or 2.",
        { UseExponentialSigmas: true } => "use_exponential_sigmas is not supported; say use_lu_lambdas.",
        { UseBetaSigmas: true } => "use_beta_sigmas is not supported; say false.",
        { OfNoise: true, FinalSigmasType: Diffusion.FinalSigmasType.Zero }
            => $"final_sigmas_type zero has no formula for algorithm_type {AlgorithmType}; say sigma_min.",
        { VarianceType: not (null or "learned" or "learned_range" or "fixed_small" or "fixed_small_log" or "fixed_large" or "fixed_large_log") }
            => $"variance_type {VarianceType} is unknown.",
        _ => null,
    };
}
