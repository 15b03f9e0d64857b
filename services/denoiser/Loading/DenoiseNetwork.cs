using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Serving;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>A folder's denoising network: U-Net or diffusion transformer.</summary>
/// <param name="Pass">One forward pass, as the batcher runs it.</param>
/// <param name="Component">Name of its folder.</param>
/// <param name="InChannels">Channels of what it is shown.</param>
/// <param name="OutChannels">Channels of its prediction.</param>
/// <param name="TextWidth">Width of the text tokens that it takes.</param>
/// <param name="SampleSize">Rows and columns of the latents that it was trained on.</param>
/// <param name="TakesAnySize">Whether it takes latents of other sizes.</param>
/// <param name="LooksAtPadding">Whether a prompt's padding counts, as it does for the published U-Nets.</param>
/// <param name="GuidanceWidth">Width of the waves by which a distilled network is told the guidance; null for one that is asked twice.</param>
internal sealed record DenoiseNetwork(
    DenoisePass Pass,
    string Component,
    int InChannels,
    int OutChannels,
    int TextWidth,
    GridSize SampleSize,
    bool TakesAnySize,
    bool LooksAtPadding,
    int? GuidanceWidth)
{
    private const int UsualSize = 64;

    /// <summary>The ControlNets that speak to it; null where none does. They find image and weights last in what else the network is shown.</summary>
    public ControlNets? Controls { get; private init; }

    /// <summary>The network as one that can wear adapters; null where it cannot.</summary>
    public AdaptedNetwork? Adapted { get; private init; }

    /// <summary>A pass that listens to a ControlNet, or to none, and wears adapters; null where it can wear none.</summary>
    public Func<ControlNetModel?, AdapterSet, DenoisePass>? PassWith { get; private init; }

    /// <summary>Loads the network of a folder.</summary>
    /// <param name="parts">Owns it from then on.</param>
    /// <returns>The network.</returns>
    /// <exception cref="MalformedFileException">It is broken, or wants conditions that no call brings.</exception>
    public static DenoiseNetwork Load(ModelParts parts) =>
        parts.Folder.Components.ContainsKey("unet") ? LoadUNet(parts) : LoadTransformer(parts);

    private static DenoiseNetwork LoadUNet(ModelParts parts)
    {
        var unet = parts.Own(parts.Folder.LoadUNet());
        var config = unet.Config;
        if (Unserved(config) is { } key)
        {
            throw new MalformedFileException(
                Path.Combine(parts.Folder.FullPath, "unet", "config.json"), $"{key} asks for a condition that no call brings.");
        }

        var adapted = parts.Own(new AdaptedNetwork(unet, Adapters.Network));
        Tensor Run(StepInputs step, ControlNetModel? control, AdapterSet adapters)
        {
            using var turn = adapted.Wear(adapters);
            using var scope = NewDisposeScope();
            var told = new UNetConditions
            {
                TimestepCond = config.TimeCondProjDim is null ? null : step.More[0],
                Residuals = control?.call(
                    step.Latents.narrow(1, 0, control.Config.InChannels),   // a network that inpaints sees more
                    step.Timesteps,
                    step.Context,
                    new ControlHint(step.More[^2]) { ItemScales = step.More[^1] }),
            };
            return unet.call(step.Latents, step.Timesteps, step.Context, told).MoveToOuterDisposeScope();
        }

        return new DenoiseNetwork(
            step => Run(step, control: null, AdapterSet.None),
            "unet",
            config.InChannels,
            config.OutChannels,
            config.EncoderHidDim ?? config.CrossAttentionDim[0],
            config.SampleSize ?? new GridSize(UsualSize, UsualSize),
            TakesAnySize: true,
            LooksAtPadding: true,
            config.TimeCondProjDim)
        {
            Controls = parts.Own(new ControlNets(parts, config, control => step => Run(step, control, AdapterSet.None))),
            Adapted = adapted,
            PassWith = (control, adapters) => step => Run(step, control, adapters),
        };
    }

    private static DenoiseNetwork LoadTransformer(ModelParts parts)
    {
        var transformer = parts.Own(parts.Folder.LoadTransformer());
        var config = transformer.Config;

        // Twice the channels are a prediction and a variance; the published pipeline drops the variance too.
        var learnsVariance = config.EffectiveOutChannels == 2 * config.InChannels;
        DenoisePass whole = step => transformer.call(step.Latents, step.Context, step.Timesteps, step.Mask);
        return new DenoiseNetwork(
            learnsVariance ? step => whole(step).narrow(1, 0, config.InChannels) : whole,
            "transformer",
            config.InChannels,
            learnsVariance ? config.InChannels : config.EffectiveOutChannels,
            config.CaptionChannels,
            config.SampleSize,
            TakesAnySize: false,
            LooksAtPadding: false,
            GuidanceWidth: null);
    }

    /// <summary>The first key of a U-Net that wants to be told more than noise level and words.</summary>
    private static string? Unserved(UNetConfig config) => config switch
    {
        { HasClasses: true } => "class_embed_type or num_class_embeds",
        { AdditionEmbedType: not null and not "text" } => "addition_embed_type",
        { TextProjection: not null and not "text_proj" } => "encoder_hid_dim_type",
        _ => null,
    };
}
