using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
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

    /// <summary>beta rises along a sigmoid; DDPM only.</summary>
    Sigmoid,
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
/// <remarks>
/// Defaults here are those of DDIM; a file that leaves a key out gets the default of its class. Keys that only one class knows are
/// in its own record, such as <see cref="DpmSolverOptions"/>; a key of another class changes nothing, as in diffusers.
/// </remarks>
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
/// <param name="Thresholding">Whether the clean estimate is clamped to a quantile of its own.</param>
/// <param name="DynamicThresholdingRatio">That quantile.</param>
/// <param name="SampleMaxValue">The most that the quantile may be.</param>
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
    bool Thresholding = false,
    double DynamicThresholdingRatio = 0.995,
    double SampleMaxValue = 1) : IComponentConfig
{
    private static readonly Version Reference = new(0, 23, 1);

    /// <summary>Keys that not every class knows.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? OtherKeys { get; init; }

    /// <summary>The version of diffusers that wrote the file; 0.23.1 if it does not say.</summary>
    [JsonIgnore]
    public Version LibraryVersion
    {
        get
        {
            var parts = OtherKeys?.TryGetValue("_diffusers_version", out var text) == true && text.ValueKind == JsonValueKind.String
                ? text.GetString()!.Split('.')
                : [];
            return parts.Length >= 2
                && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
                    ? new Version(major, minor)
                    : Reference;
        }
    }

    /// <inheritdoc/>
    public static void Complete(JsonObject given)
    {
        var name = (string?)given["_class_name"];
        (string Key, JsonNode Value)[] defaults = name switch
        {
            "PNDMScheduler" => [("set_alpha_to_one", false)],
            "LCMScheduler" =>
                [("beta_start", 0.00085), ("beta_end", 0.012), ("beta_schedule", "scaled_linear"), ("clip_sample", false)],
            { } other when Schedulers.UseSigmas(other) => [("timestep_spacing", "linspace")],
            _ => [],
        };
        foreach (var (key, value) in defaults)
        {
            given.TryAdd(key, value);
        }

        if (name == "PNDMScheduler")
        {
            given.Remove("rescale_betas_zero_snr");     // no key of its
        }

        if (name == "EulerDiscreteScheduler" && (string?)given["prediction_type"] == "original_sample")
        {
            given["prediction_type"] = "sample";    // Euler's other name for it
        }
    }

    /// <summary>The keys that only the class itself knows.</summary>
    /// <typeparam name="T">Their record.</typeparam>
    /// <returns>The record, defaults where keys are absent.</returns>
    public T Options<T>() where T : class, IComponentConfig => (T)Options(typeof(T));

    /// <inheritdoc/>
    public string? Problem() => this switch
    {
        { NumTrainTimesteps: < 2 } => "num_train_timesteps must be at least 2.",
        { TrainedBetas: { } betas } when betas.Count != NumTrainTimesteps
            => $"trained_betas has {betas.Count} entries, num_train_timesteps is {NumTrainTimesteps}.",
        { TrainedBetas: { } betas } when betas.Any(beta => !(beta > 0 && beta < 1))
            => "every entry of trained_betas must lie between 0 and 1.",
        _ when !(BetaStart > 0 && BetaStart <= BetaEnd && BetaEnd < 1)
            => $"beta_start {BetaStart} and beta_end {BetaEnd} must rise between 0 and 1.",
        { BetaSchedule: BetaSchedule.Sigmoid, ClassName: not "DDPMScheduler" } => $"{ClassName} has no beta_schedule sigmoid; DDPMScheduler has.",
        { StepsOffset: < 0 } => $"steps_offset is {StepsOffset}, not 0 or more.",
        _ when !(DynamicThresholdingRatio >= 0 && DynamicThresholdingRatio <= 1)
            => $"dynamic_thresholding_ratio is {DynamicThresholdingRatio}, not 0 to 1.",
        _ when !(ClipSampleRange > 0 && SampleMaxValue > 0) => "clip_sample_range and sample_max_value must be above 0.",
        _ => Schedulers.Problem(this),
    };

    /// <summary>The keys that only the class itself knows, as a record of the given type.</summary>
    internal IComponentConfig Options(Type record) => ConfigFile.FromKeys(record, OtherKeys ?? new Dictionary<string, JsonElement>());
}
