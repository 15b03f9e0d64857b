using Realiz3D.Mesh.Contracts.Denoising.V1;

namespace Realiz3D.Mesh.Denoising;

/// <summary>A painter of pictures from words in the published layout: Stable Diffusion's U-Net, or a transformer as PixArt-alpha's.</summary>
internal sealed class TextToImageModel : LoadedModel
{
    /// <param name="parts">What it is loaded from.</param>
    public TextToImageModel(ModelParts parts)
        : base(parts, parts.Own(parts.Folder.LoadTextEncoder()), parts.Own(parts.Folder.LoadAutoencoder()))
    {
        Network = DenoiseNetwork.Load(parts);
        var (latent, text) = (Autoencoder.Config.LatentChannels, TextEncoder.Config.HiddenSize);
        Refuse(Network switch
        {
            _ when text != Network.TextWidth => $"the text encoder gives tokens of {text} numbers, the {Network.Component} takes {Network.TextWidth}",
            _ when Network.OutChannels != latent
                => $"the autoencoder's latents have {latent} channels, the {Network.Component} predicts {Network.OutChannels}",
            _ when Network.InChannels != latent && Network.InChannels != (2 * latent) + 1
                => $"the {Network.Component} takes {Network.InChannels} channels; {latent}, or {(2 * latent) + 1} to inpaint, fit the autoencoder",
            _ => null,
        });
    }

    /// <inheritdoc/>
    public override ModelKind Kind => ModelKind.TextToImage;

    /// <inheritdoc/>
    public override DenoiseNetwork Network { get; }
}
