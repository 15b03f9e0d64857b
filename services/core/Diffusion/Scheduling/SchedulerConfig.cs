using System.Text.Json.Serialization;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>How the noise variance grows over the timesteps.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<BetaSchedule>))]
public enum BetaSchedule
{
    /// <summary>beta rises linearly.</summary>
    Linear,

    /// <summary>The square root of beta rises linearly.</summary>
    ScaledLinear,

    /// <summary>The product of 1 - beta follows a squared cosine.</summary>
    SquaredcosCapV2,
}

/// <summary>What the network's output means.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<PredictionType>))]
public enum PredictionType
{
    /// <summary>The noise.</summary>
    Epsilon,

    /// <summary>The clean latent.</summary>
    Sample,

    /// <summary>The velocity sqrt(abar) eps - sqrt(1 - abar) x0.</summary>
    VPrediction,
}

/// <summary>Which timesteps a sampler of few steps visits.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<TimestepSpacing>))]
public enum TimestepSpacing
{
    /// <summary>Multiples of T div N, plus an offset: ends at 0 + offset, misses the noisiest.</summary>
    Leading,

    /// <summary>Starts at the noisiest.</summary>
    Trailing,

    /// <summary>Both ends.</summary>
    Linspace,
}

/// <summary>A scheduler's settings, as <c>scheduler/scheduler_config.json</c> spells them.</summary>
/// <param name="ClassName">Class of the published folder, <c>DDIMScheduler</c> and the like.</param>
/// <param name="NumTrainTimesteps">Timesteps, T.</param>
/// <param name="BetaStart">First beta.</param>
/// <param name="BetaEnd">Last beta.</param>
/// <param name="BetaSchedule">Curve between them.</param>
/// <param name="TrainedBetas">All betas, instead of a curve.</param>
/// <param name="PredictionType">What the network's output means.</param>
/// <param name="TimestepSpacing">Which timesteps are visited.</param>
/// <param name="StepsOffset">Added to every timestep of the leading spacing.</param>
/// <param name="SetAlphaToOne">Whether the last step ends at no noise at all rather than at that of timestep 0.</param>
/// <param name="ClipSample">Whether the clean estimate is clamped.</param>
/// <param name="ClipSampleRange">To plus and minus this.</param>
/// <param name="RescaleBetasZeroSnr">Whether the curve is stretched until the last timestep is pure noise.</param>
/// <param name="Thresholding">Dynamic thresholding; only false exists.</param>
public sealed record SchedulerConfig(
    [property: JsonPropertyName("_class_name")] string ClassName = "DDIMScheduler",
    int NumTrainTimesteps = 1000,
    double BetaStart = 0.0001,
    double BetaEnd = 0.02,
    BetaSchedule BetaSchedule = BetaSchedule.Linear,
    IReadOnlyList<double>? TrainedBetas = null,
    PredictionType PredictionType = PredictionType.Epsilon,
    TimestepSpacing TimestepSpacing = TimestepSpacing.Leading,
    int StepsOffset = 0,
    bool SetAlphaToOne = true,
    bool ClipSample = true,
    double ClipSampleRange = 1,
    bool RescaleBetasZeroSnr = false,
    bool Thresholding = false) : IComponentConfig
{
    /// <inheritdoc/>
    public string? Problem() => this switch
    {
        { Thresholding: true } => "thresholding is not supported.",
        { NumTrainTimesteps: < 2 } => "num_train_timesteps must be at least 2.",
        { TrainedBetas: { } betas } when betas.Count != NumTrainTimesteps
            => $"trained_betas has {betas.Count} entries, num_train_timesteps is {NumTrainTimesteps}.",
        { TrainedBetas: { } betas } when betas.Any(beta => !(beta > 0 && beta < 1))
            => "every entry of trained_betas must lie between 0 and 1.",
        _ when !(BetaStart > 0 && BetaStart <= BetaEnd && BetaEnd < 1)
            => $"beta_start {BetaStart} and beta_end {BetaEnd} must rise between 0 and 1.",
        { RescaleBetasZeroSnr: true, PredictionType: PredictionType.Epsilon }
            => "with rescale_betas_zero_snr the last timestep is pure noise, from which no clean latent follows: "
                + "prediction_type must be v_prediction or sample.",
        _ => null,
    };
}
