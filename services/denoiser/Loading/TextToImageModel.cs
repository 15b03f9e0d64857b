using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Storage;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>A painter of pictures from words in the published layout: Stable Diffusion's U-Net, or a transformer as PixArt-alpha's.</summary>
/// <remarks>A picture starts and ends as in the pipelines of core/Diffusion (<see cref="PaintingSteps"/>); the steps between are the batcher's.</remarks>
internal sealed class TextToImageModel : LoadedModel
{
    private const int Colours = 3;

    private readonly PaintingSteps _steps;
    private readonly Adapters? _adapters;
    private LatentColours? _colours;

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
            _ when Autoencoder.Config.InChannels != Colours || Autoencoder.Config.OutChannels != Colours
                => $"the autoencoder sees {Autoencoder.Config.InChannels} channels and paints {Autoencoder.Config.OutChannels}; colour is {Colours}",
            _ => null,
        });
        if (Network.Adapted is { } network)
        {
            AdaptedText = parts.Own(new AdaptedNetwork(TextEncoder, Adapters.Text));
            _adapters = parts.Own(new Adapters(parts, network, AdaptedText));
        }

        _steps = new PaintingSteps(new PaintingForm(Network.InChannels, Network.GuidanceWidth), Autoencoder, Schedule);
    }

    /// <inheritdoc/>
    public override ModelKind Kind => ModelKind.TextToImage;

    /// <inheritdoc/>
    public override DenoiseNetwork Network { get; }

    /// <inheritdoc/>
    public override ControlNets? Controls => Network.Controls;

    /// <inheritdoc/>
    protected override AdaptedNetwork? AdaptedText { get; }

    /// <summary>Pixels a side that a latent stands for.</summary>
    public int Factor => Autoencoder.Config.Factor;

    /// <summary>Whether its network is shown a mask, and so only paints parts of pictures.</summary>
    public bool Inpaints => Network.InChannels != Network.OutChannels;

    /// <summary>Takes the adapters that a request names.</summary>
    /// <param name="wanted">Names and weights; none for no adapters.</param>
    /// <returns>The adapters; the caller disposes the use of them.</returns>
    public AdapterUse Wear(IReadOnlyList<Adapter> wanted)
    {
        if (wanted.Count == 0)
        {
            return new AdapterUse(AdapterSet.None, Use: null);
        }

        var (set, use) = (_adapters ?? throw new InvalidDataException($"adapters must be empty: model {Name} has no U-Net to wear them.")).Take(wanted);
        return new AdapterUse(set, use);
    }

    /// <summary>The prompts whose tokens <see cref="Start"/> takes.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The negative one first, where the network is asked twice.</returns>
    public IReadOnlyList<string> Prompts(ImageRequest request) =>
        _steps.IsGuided(GuidanceOf(request)) ? [request.Wire.NegativePrompt, request.Wire.Prompt] : [request.Wire.Prompt];

    /// <summary>Puts the latents at their start.</summary>
    /// <param name="request">What to paint.</param>
    /// <param name="words">Its encoded prompts; they stay the caller's.</param>
    /// <param name="control">What it follows; it stays the caller's. Null for nothing.</param>
    /// <param name="adapters">What the network wears; they stay the caller's.</param>
    /// <returns>The job; the caller disposes it before those.</returns>
    public SamplingJob Start(ImageRequest request, PromptTokens words, ControlUse? control, AdapterSet adapters)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var noise = new JobNoise(request.Wire.Seed, Device);
        long[] shape = [1, Autoencoder.Config.LatentChannels, request.Size.Height / Factor, request.Size.Width / Factor];
        using var start = noise.Draw(DrawPurpose.Start, 0, shape);
        using var posterior = noise.Draw(DrawPurpose.Posterior, 0, shape);
        using var masked = noise.Draw(DrawPurpose.Posterior, 1, shape);
        var painting = new PaintingRequest(
            words.States, Negative: null, start, new SamplingOptions(request.StepCount), GuidanceOf(request));
        var given = request.Picture is { } picture
            ? new StartImage(ConditionImage.ToNetwork(picture).unsqueeze(0).to(Device), posterior, request.Share)
            : null;
        var sampling = (given, request.Mask) switch
        {
            (null, _) => _steps.FromNoise(painting),
            (_, null) => _steps.FromImage(painting, given),
            (_, var mask) => _steps.FromPart(painting, given, MaskOf(mask), masked),
        };
        var (rows, first) = (words.States.shape[0], sampling.History.Index);
        var followed = control is null ? null : Hint(control.Picture).expand(rows, -1, -1, -1).DetachFromDisposeScope();
        var told = new JobConditions(words.States.alias().DetachFromDisposeScope(), words.Mask.alias().DetachFromDisposeScope(), noise)
        {
            More = index =>
            [
                .. Network.GuidanceWidth is { } width ? [Guidance.Waves([request.GuidanceScale], width, Device).DetachFromDisposeScope()] : Array.Empty<Tensor>(),
                .. control?.Shown(followed!, index - first, sampling.Scheduler.Timesteps.Count - first) ?? [],
            ],
            Owned = followed is null ? [] : [followed],
        };
        var pass = adapters == AdapterSet.None
            ? control?.Pass ?? Network.Pass
            : adapters.PassOf(control?.Net, () => Network.PassWith!(control?.Net, adapters));
        return SamplingJob.Begin(pass, told, sampling);
    }

    /// <summary>Decodes clean latents.</summary>
    /// <param name="latents">Where the job ended, [1, C, h, w].</param>
    /// <returns>About [-1, 1], [1, 3, H, W]. The caller disposes it.</returns>
    public Tensor Decode(Tensor latents)
    {
        using var untracked = no_grad();
        return _steps.Decode(latents);
    }

    /// <summary>The picture on its way, a pixel per latent cell.</summary>
    /// <param name="estimate">Clean latents that the last step assumed, [1, C, h, w].</param>
    /// <returns>About [-1, 1], [1, 3, h, w]. The caller disposes it.</returns>
    public Tensor Preview(Tensor estimate)
    {
        var colours = _colours ?? throw new InvalidOperationException("The model was not loaded by its folder.");
        return colours.Apply(estimate);
    }

    /// <inheritdoc/>
    protected override void Prepare(ModelFolder folder) =>
        _colours = PreviewColours.Of(folder.FullPath, Hash, Autoencoder.Config.LatentChannels, Device, _steps.Decode);

    private static GuidanceOptions GuidanceOf(ImageRequest request) => new(request.GuidanceScale);

    /// <summary>A control image as ControlNets of pictures take it: sRGB code values in [0, 1], [1, 3, H, W].</summary>
    private Tensor Hint(PngImage picture) => ((ConditionImage.ToNetwork(picture.ToColours()) + 1) / 2).unsqueeze(0).to(Device);

    private Tensor MaskOf(PixelImage mask) => tensor(mask.Bytes, [1, 1, mask.Height, mask.Width]).to(ScalarType.Float32).to(Device) / 255;
}
