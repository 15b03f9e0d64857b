using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>What every painting job is told.</summary>
/// <param name="Prompt">Tokens of the prompt, [N, L, E].</param>
/// <param name="Negative">Tokens of what shall not be there, [N, L, E]; needed where guidance is above 1.</param>
/// <param name="Noise">Standard normal noise of the start, [N, C, h, w].</param>
/// <param name="Sampling">Number of steps and the like.</param>
/// <param name="Guidance">How strongly the prompt counts.</param>
public sealed record PaintingRequest(
    Tensor Prompt, Tensor? Negative, Tensor Noise, SamplingOptions Sampling, GuidanceOptions Guidance)
{
    /// <summary>Standard normal noise of a step, [N, C, h, w], by its index; needed where the sampler draws noise.</summary>
    public Func<int, Tensor>? StepNoise { get; init; }
}

/// <summary>One step of a painting job, for those who watch. The tensors go with the call.</summary>
/// <param name="Index">Place in the sampler's timesteps.</param>
/// <param name="Input">What the network saw.</param>
/// <param name="Prediction">What it said, unguided; the half without the prompt first.</param>
/// <param name="Latents">Where the job stands after the step.</param>
public sealed record PaintingStep(int Index, Tensor Input, Tensor Prediction, Tensor Latents);

/// <summary>What the pipelines over a U-Net and an autoencoder share.</summary>
public abstract class LatentPipeline
{
    /// <param name="unet">Network.</param>
    /// <param name="autoencoder">Autoencoder.</param>
    /// <param name="schedule">Noise schedule; its configuration names the sampler.</param>
    private protected LatentPipeline(UNet2DConditionModel unet, AutoencoderKL autoencoder, NoiseSchedule schedule) =>
        (UNet, Steps) = (unet, new PaintingSteps(new PaintingForm(unet.Config.InChannels, unet.Config.TimeCondProjDim), autoencoder, schedule));

    /// <summary>Network.</summary>
    public UNet2DConditionModel UNet { get; }

    /// <summary>What comes before and after the network's calls.</summary>
    private protected PaintingSteps Steps { get; }

    /// <summary>Latents to images.</summary>
    /// <param name="latents">Scaled latents, [N, C, h, w].</param>
    /// <returns>About [-1, 1], not clamped, [N, 3, H, W]. The caller disposes them.</returns>
    public Tensor Decode(Tensor latents) => Steps.Decode(latents);

    /// <summary>Decoded images to what is shown.</summary>
    /// <param name="decoded">About [-1, 1].</param>
    /// <returns>sRGB code values in [0, 1]. The caller disposes them.</returns>
    public static Tensor ToImage(Tensor decoded)
    {
        using var scope = NewDisposeScope();
        return (decoded / 2 + 0.5).clamp(0, 1).MoveToOuterDisposeScope();
    }

    /// <summary>Tokens as the network's batch has them: without the prompt first, where guidance asks for it.</summary>
    private protected Tensor Context(PaintingRequest request)
    {
        using var scope = NewDisposeScope();
        if (!Steps.IsGuided(request.Guidance))
        {
            return request.Prompt.alias().MoveToOuterDisposeScope();
        }

        var negative = request.Negative
            ?? throw new ArgumentException($"Guidance {request.Guidance.Scale} needs the tokens of a negative prompt; those of an empty one will do.");
        return cat([negative, request.Prompt], 0).MoveToOuterDisposeScope();
    }

    /// <summary>One call of the network and one step of the sampler.</summary>
    private protected void Advance(
        GuidedSampling sampling, PaintingRequest request, Tensor context, Action<PaintingStep>? watch)
    {
        using var scope = NewDisposeScope();
        var index = sampling.History.Index;
        var seen = sampling.NetworkInput();                                                         // [N or 2N, C, h, w]
        var timestep = full(seen.shape[0], (float)sampling.Timestep, ScalarType.Float32, device: seen.device);
        var prediction = UNet.call(seen, timestep, context, new UNetConditions { TimestepCond = GuidanceWaves(request) });
        sampling.Accept(prediction, sampling.NeedsNoise ? request.StepNoise?.Invoke(index) : null);
        watch?.Invoke(new PaintingStep(index, seen, prediction, sampling.Latents));
    }

    private Tensor? GuidanceWaves(PaintingRequest request)
    {
        var rows = (int)request.Prompt.shape[0];
        return UNet.Config.TimeCondProjDim is { } width
            ? Guidance.Waves([.. Enumerable.Repeat(request.Guidance.Scale, rows)], width, request.Prompt.device)
            : null;
    }
}
