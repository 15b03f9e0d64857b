using System.Text.Json.Serialization;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>How sigma runs between the ends.</summary>
public enum InterpolationType
{
    /// <summary>As training had it, linear between timesteps.</summary>
    Linear,

    /// <summary>Even in log sigma.</summary>
    LogLinear,
}

/// <summary>What <c>scheduler_config.json</c> says for Euler's sampler alone.</summary>
/// <param name="InterpolationType">How sigma runs between the ends.</param>
/// <param name="UseKarrasSigmas">Whether sigma runs evenly in its seventh root.</param>
/// <param name="UseExponentialSigmas">Whether sigma runs evenly in its logarithm.</param>
/// <param name="UseBetaSigmas">Sigmas by a beta distribution; only false exists.</param>
/// <param name="FinalSigmasType">Where the last step ends.</param>
/// <param name="TimestepType">Only "discrete" exists.</param>
/// <param name="SigmaMin">Least sigma of the curves, if not that of the last timestep.</param>
/// <param name="SigmaMax">Largest sigma of the curves, if not that of the first timestep.</param>
public sealed record EulerOptions(
    [property: JsonConverter(typeof(SnakeCaseEnumConverter<InterpolationType>))]
    InterpolationType InterpolationType = InterpolationType.Linear,
    bool UseKarrasSigmas = false,
    bool UseExponentialSigmas = false,
    bool UseBetaSigmas = false,
    [property: JsonConverter(typeof(SnakeCaseEnumConverter<FinalSigmasType>))]
    FinalSigmasType FinalSigmasType = FinalSigmasType.Zero,
    string TimestepType = "discrete",
    double? SigmaMin = null,
    double? SigmaMax = null) : IComponentConfig
{
    /// <inheritdoc/>
    public string? Problem() => this switch
    {
        { UseBetaSigmas: true } => "use_beta_sigmas is not supported; say false.",
        { UseKarrasSigmas: true, UseExponentialSigmas: true } => "only one of use_karras_sigmas and use_exponential_sigmas can be true.",
        { TimestepType: not "discrete" } => $"timestep_type {TimestepType} is not supported; say discrete.",
        { SigmaMin: <= 0 } or { SigmaMax: <= 0 } => "sigma_min and sigma_max must be above 0.",
        _ => null,
    };
}

/// <summary>Timesteps and sigmas of Euler's samplers.</summary>
/// <remarks>Linspace is not rounded; sigmas are read off at the timesteps, then perhaps spread anew between the first and the last.</remarks>
internal static class EulerPlan
{
    public static (double[] Timesteps, double[] Sigmas) Of(NoiseSchedule schedule, int steps, EulerOptions options)
    {
        var table = new SigmaTable(schedule);
        double[] timesteps = [.. Timesteps.Of(schedule.Config, steps, round: false).Select(t => (double)(float)t)];
        var sigmas = options.InterpolationType == InterpolationType.LogLinear
            ? SigmaTable.LogLinear(table.Most, table.Least, steps + 1)
            : [.. timesteps.Select(table.At)];

        if (options.UseKarrasSigmas || options.UseExponentialSigmas)
        {
            var (most, least) = (options.SigmaMax ?? sigmas[0], options.SigmaMin ?? sigmas[^1]);
            sigmas = options.UseKarrasSigmas ? SigmaTable.Karras(most, least, steps) : SigmaTable.LogLinear(most, least, steps);
            timesteps = [.. sigmas.Select(table.TimestepOf)];
        }

        return (timesteps, [.. sigmas, options.FinalSigmasType == FinalSigmasType.Zero ? 0 : table.Least]);
    }

    /// <summary>Standard deviation of the noise that a run starts from.</summary>
    public static double StartSigma(SchedulerConfig config, IReadOnlyList<double> sigmas)
    {
        var most = sigmas.Max();
        return config.TimestepSpacing == TimestepSpacing.Leading ? Math.Sqrt((most * most) + 1) : most;
    }

    /// <summary>Clean latent that an output implies where latents are x0 + sigma eps.</summary>
    public static TorchSharp.torch.Tensor ToOriginal(
        PredictionType type, TorchSharp.torch.Tensor output, TorchSharp.torch.Tensor sample, (double Sigma, double Hat) noise) => type switch
        {
            PredictionType.Epsilon => sample - output * noise.Hat,
            PredictionType.VPrediction => sample / ((noise.Sigma * noise.Sigma) + 1)
                - output * (noise.Sigma / Math.Sqrt((noise.Sigma * noise.Sigma) + 1)),
            _ => output.alias(),
        };
}
