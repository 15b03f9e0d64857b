using Realiz3D.Mesh.Contracts.Denoising.V1;

namespace Realiz3D.Mesh.Denoising;

/// <summary>A request for the noise in latents, checked against its model.</summary>
/// <param name="Wire">The request.</param>
/// <param name="Network">The model's network.</param>
/// <param name="Timesteps">One per item.</param>
/// <param name="GuidanceScales">One per item.</param>
internal sealed record ScoreRequest(PredictNoiseRequest Wire, DenoiseNetwork Network, double[] Timesteps, float[] GuidanceScales)
{
    private const int MaxItems = 64;
    private const float MaxGuidanceScale = 200;

    /// <summary>Items, N.</summary>
    public int Items => Timesteps.Length;

    /// <summary>Whether the network is asked without the prompt too.</summary>
    public bool IsAskedTwice => Network.GuidanceWidth is null && (Wire.IncludeParts || GuidanceScales.Any(scale => scale != 1));

    /// <summary>Checks a request.</summary>
    /// <param name="wire">What arrived.</param>
    /// <param name="model">The model that it names.</param>
    /// <returns>The checked request.</returns>
    /// <exception cref="InvalidDataException">One sentence names the field.</exception>
    public static ScoreRequest Parse(PredictNoiseRequest wire, LoadedModel model)
    {
        var network = model.Network ?? throw new InvalidDataException(
            $"model {model.Name} is shown a picture; PredictNoise needs a model that words alone condition.");
        if (network.InChannels != network.OutChannels)
        {
            throw new InvalidDataException($"model {model.Name} is shown a mask; PredictNoise needs a model that words alone condition.");
        }

        CheckPrompt(wire.Prompt, "prompt");
        CheckPrompt(wire.NegativePrompt, "negative_prompt");
        var domains = ModelKinds.Domains(model.Kind);
        if (!domains.Contains(wire.Domain))
        {
            throw new InvalidDataException(domains.Count == 1 ? "domain must be DOMAIN_SYNTHETIC." : "domain must be DOMAIN_SYNTHETIC or DOMAIN_PHOTO.");
        }

        if (wire.IncludeParts && network.GuidanceWidth is not null)
        {
            throw new InvalidDataException("include_parts must be false: this network is told the guidance and has no parts.");
        }

        var items = CountItems(wire, network);
        return new ScoreRequest(wire, network, TimestepsOf(wire, items, model.Schedule.Config.NumTrainTimesteps), ScalesOf(wire, items));
    }

    /// <summary>Checks a prompt's length.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="field">Its field.</param>
    public static void CheckPrompt(string prompt, string field)
    {
        if (prompt.Length > PaintRequest.MaxPromptLength)
        {
            throw new InvalidDataException($"{field} must have at most {PaintRequest.MaxPromptLength} characters.");
        }
    }

    private static int CountItems(PredictNoiseRequest wire, DenoiseNetwork network)
    {
        var (shape, size) = (wire.Latents.Shape, network.SampleSize);
        var fits = shape.Count == 4 && shape[0] is >= 1 and <= MaxItems && shape[1] == network.InChannels
            && (network.TakesAnySize ? shape[2] >= 1 && shape[3] >= 1 : shape[2] == size.Height && shape[3] == size.Width);
        var extents = network.TakesAnySize ? "H, W" : $"{size.Height}, {size.Width}";
        return fits
            ? (int)shape[0]
            : throw new InvalidDataException(
                $"latents must be [1 to {MaxItems}, {network.InChannels}, {extents}], is [{string.Join(", ", shape)}].");
    }

    private static double[] TimestepsOf(PredictNoiseRequest wire, int items, int count)
    {
        if (wire.Timesteps.Count > 0 && wire.FractionalTimesteps.Count > 0)
        {
            throw new InvalidDataException("timesteps must be empty where fractional_timesteps is set.");
        }

        var field = wire.FractionalTimesteps.Count > 0 ? "fractional_timesteps" : "timesteps";
        double[] given = [.. wire.Timesteps.Select(t => (double)t), .. wire.FractionalTimesteps.Select(t => (double)t)];
        if ((given.Length != items && given.Length != 1) || !Array.TrueForAll(given, t => t >= 0 && t <= count - 1))
        {
            throw new InvalidDataException($"{field} must be one per item or one for all, each 0 to {count - 1}.");
        }

        return given.Length == items ? given : [.. Enumerable.Repeat(given[0], items)];
    }

    private static float[] ScalesOf(PredictNoiseRequest wire, int items)
    {
        float[] given = wire.GuidanceScales.Count > 0 ? [.. wire.GuidanceScales] : [.. Enumerable.Repeat(wire.GuidanceScale, items)];
        var field = wire.GuidanceScales.Count > 0 ? "guidance_scales" : "guidance_scale";
        if (given.Length != items)
        {
            throw new InvalidDataException("guidance_scales must be empty or one per item.");
        }

        return Array.TrueForAll(given, scale => scale is >= 0 and <= MaxGuidanceScale)
            ? given
            : throw new InvalidDataException($"{field} must be 0 to {MaxGuidanceScale}.");
    }
}
