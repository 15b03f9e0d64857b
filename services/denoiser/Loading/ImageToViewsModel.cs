using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Serving;
using Realiz3D.Mesh.Storage;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>Makes six views of an object from one picture of it: a folder of Zero123++, v1.1 or v1.2.</summary>
/// <remarks>
/// 1. The picture, on gray, becomes latents to look at and an addition to the text tokens.
/// 2. The latents start as noise keyed by the seed.
/// 3. A step is a write pass over the noised picture and a read pass over the latents; both halves of guidance are items of one request.
/// 4. The decoded frame is cut into views, and the gray behind the object becomes transparent.
/// Source: Shi et al. 2023, arXiv:2310.15110; <see cref="Zero123PlusPipeline"/>, whose noise is an input.
/// </remarks>
internal sealed class ImageToViewsModel : LoadedModel, IViewModel
{
    private const int UsualViewSize = 320;
    private const int MaxViewSize = 512;
    private const int SmallestViewSize = 16;

    /// <summary>Distance of the v1.1 rig, for which none is published: objects of half a metre fill about two thirds of a view.</summary>
    private const float UsualDistance = 1.5f;

    private readonly Zero123PlusModels _models;
    private readonly Zero123PlusPipeline _pipeline;
    private readonly DenoisePass _pass;
    private LatentColours? _colours;

    /// <param name="parts">What it is loaded from.</param>
    public ImageToViewsModel(ModelParts parts)
        : this(parts, parts.Own(Zero123PlusModels.Load(parts.Folder)))
    {
    }

    private ImageToViewsModel(ModelParts parts, Zero123PlusModels models)
        : base(parts, models.TextEncoder, models.Vae)
    {
        _models = models;
        Refuse(Problem());
        models.UNet.to(parts.Device);
        models.Vae.to(parts.Device);
        models.TextEncoder.to(parts.Device);
        models.VisionEncoder.to(parts.Device);
        _pipeline = new Zero123PlusPipeline(models);
        _pass = Pass(_pipeline);
        Controls = parts.Own(new ControlNets(parts, models.UNet.Config, net => Pass(new Zero123PlusPipeline(models, net))));
    }

    /// <inheritdoc/>
    public override ModelKind Kind => ModelKind.ImageToViews;

    /// <inheritdoc/>
    public override ControlNets Controls { get; }

    private int Factor => Autoencoder.Config.Factor;

    /// <inheritdoc/>
    public void Check(PaintRequest request)
    {
        var wire = request.Wire;
        var problem = wire switch
        {
            { ImageArtifactId: "" } => $"image_artifact_id must name a picture of the object: {Name} makes views from one.",
            { HasViewSize: true } when wire.ViewSize is < SmallestViewSize or > MaxViewSize || wire.ViewSize % Factor != 0
                => $"view_size must be {SmallestViewSize} to {MaxViewSize} and a multiple of {Factor}.",
            { HasCameraDistance: true } when _models.Version == Zero123PlusVersion.V12
                => "camera_distance must be unset: this model's rig has its own.",
            { HasCameraDistance: true, CameraDistance: not (>= 0.1f and <= 100) } => "camera_distance must be 0.1 to 100.",
            _ when request.GuidanceScale < 1 => "guidance_scale must be 1 to 50 for this model.",
            _ => null,
        };
        if (problem is not null)
        {
            throw new InvalidDataException(problem);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Prompts(PaintRequest request) => [];

    /// <inheritdoc/>
    public GridSize Frame(PaintRequest request) => new(SixViewGrid.Rows * SizeOf(request), SixViewGrid.Columns * SizeOf(request));

    /// <inheritdoc/>
    public SamplingJob Start(PaintRequest request, PromptTokens words, PixelImage? shown, ControlUse? control, SavedState? state)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var noise = new JobNoise(request.Seed, Device);
        var frame = Frame(request);
        long[] shape = [1, Autoencoder.Config.LatentChannels, frame.Height / Factor, frame.Width / Factor];

        // 1.
        var depth = control is null ? null : new PixelImage(frame.Width, frame.Height, 4, control.Picture.ToRgba());
        var job = new Zero123PlusJob(shown!, Ids(request.Prompt), Ids(""), request.StepCount, request.GuidanceScale, depth);
        var condition = _pipeline.Condition(job, Posterior(job.Image, noise, shape));
        var sampler = Sampler(request.StepCount);
        var followed = condition.Depth?.unsqueeze(0).expand(condition.Text.shape[0], -1, -1, -1).DetachFromDisposeScope();
        var told = new JobConditions(
            condition.Text.alias().DetachFromDisposeScope(),
            ones([condition.Text.shape[0], condition.Text.shape[1]], ScalarType.Float32, Device).DetachFromDisposeScope(),
            noise)
        {
            // 3.
            More = index =>
            {
                using var fresh = noise.Draw(DrawPurpose.Reference, index, condition.Latent.shape);
                return
                [
                    Zero123PlusPipeline.Reference(sampler, condition.Latent, fresh, index).DetachFromDisposeScope(),
                    .. control?.Shown(followed!, index, sampler.Timesteps.Count) ?? [],
                ];
            },
            Owned = followed is null ? [condition.Kept()] : [condition.Kept(), followed],
        };

        // 2.
        return SamplingJob.Begin(control?.Pass ?? _pass, told, sampler, shape, new GuidanceOptions(request.GuidanceScale), job.Guides, state);
    }

    /// <inheritdoc/>
    public ViewSet Finish(Tensor latents, PaintRequest request)
    {
        // 4.
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var image = Painted(latents);                                                               // [1, 3, 3h, 2h]
        var views = GrayBackground.ToViews(SixViewGrid.Untile(image).cpu());                        // [6, 4, h, h]
        var distance = request.Wire.HasCameraDistance ? request.Wire.CameraDistance : UsualDistance;
        var cameras = _models.Version == Zero123PlusVersion.V11 ? CameraRig.Zero123PlusV11(distance) : CameraRig.Zero123PlusV12;
        return ViewSets.Of(views, cameras, request, Hash);
    }

    /// <inheritdoc/>
    public Tensor Picture(Tensor estimate)
    {
        var colours = _colours ?? throw new InvalidOperationException("The model was not loaded by its folder.");
        return colours.Apply(estimate);
    }

    /// <inheritdoc/>
    protected override void Prepare(ModelFolder folder) => _colours = PreviewColours.Of(
        folder.FullPath, Hash, Autoencoder.Config.LatentChannels, Device, latents => (Painted(latents) * 2) - 1);

    /// <inheritdoc/>
    protected override (DenoisePass Pass, IReadOnlyList<long[]> Shapes) FirstStep()
    {
        var (channels, side) = (Autoencoder.Config.LatentChannels, UsualViewSize / Factor);
        return (_pass, [[1, channels, SixViewGrid.Rows * side, SixViewGrid.Columns * side], [1, channels, side, side]]);
    }

    private static int SizeOf(PaintRequest request) => request.Wire.HasViewSize ? request.Wire.ViewSize : UsualViewSize;

    /// <summary>Write and read pass; a ControlNet finds depth and weights behind the reference.</summary>
    private static DenoisePass Pass(Zero123PlusPipeline pipeline) => step =>
    {
        var hint = step.More.Count == 1 ? null : new ControlHint(step.More[1]) { ItemScales = step.More[2] };
        var (prediction, residuals) = pipeline.Predict(step.Latents, step.Timesteps, step.Context, reference: step.More[0], hint);
        residuals?.Dispose();
        return prediction;
    };

    private Tensor Painted(Tensor latents)
    {
        using var scope = NewDisposeScope();
        return Zero123PlusPipeline.ToImage(_models.Vae.Decode(_pipeline.ToDecoder(latents))).MoveToOuterDisposeScope();
    }

    private Tensor Ids(string prompt)
    {
        var ids = Tokenizer.EncodePadded(prompt).Ids;
        return tensor(ids, [1, ids.Length]).to(Device);
    }

    /// <summary>The noise of the samples of the shown picture and of the gray one, in the size that the picture's pixels have.</summary>
    private Zero123PlusNoise Posterior(PixelImage image, JobNoise noise, long[] shape)
    {
        var pixels = _models.VaeProcessor.Process(ConditionImage.OnGray(image)).shape;
        long[] extents = [1, shape[1], pixels[2] / Factor, pixels[3] / Factor];
        Tensor Draw(int step)
        {
            using var drawn = noise.Draw(DrawPurpose.Posterior, step, extents);
            return drawn.clone();   // the caller's scope takes the copy
        }

        // The latents tell the pipeline the device and nothing else here; steps draw their own noise.
        return new Zero123PlusNoise(zeros(1, device: Device), Draw(0), Draw(1), _ => zeros(1), _ => zeros(1));
    }

    private string? Problem()
    {
        var (text, latent, unet) = (TextEncoder.Config.HiddenSize, Autoencoder.Config.LatentChannels, _models.UNet.Config);
        return this switch
        {
            _ when _models.Ramp.Count != Tokenizer.MaxLength
                => $"the tokenizer gives {Tokenizer.MaxLength} tokens, ramping_coefficients has {_models.Ramp.Count}",
            _ when _models.VisionEncoder.Config.ProjectionDim != text
                => $"the vision encoder gives {_models.VisionEncoder.Config.ProjectionDim} numbers, the text encoder's tokens have {text}",
            _ when unet.CrossAttentionDim[0] != text => $"the text encoder gives tokens of {text} numbers, the unet takes {unet.CrossAttentionDim[0]}",
            _ when unet.InChannels != latent || unet.OutChannels != latent
                => $"the autoencoder's latents have {latent} channels, the unet takes {unet.InChannels} and predicts {unet.OutChannels}",
            _ when Autoencoder.Config.OutChannels != 3 => $"the autoencoder paints {Autoencoder.Config.OutChannels} channels; colour is 3",
            _ => null,
        };
    }
}
