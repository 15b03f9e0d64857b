using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Serving;
using Realiz3D.Mesh.Storage;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>Paints the six views of an object from words, colour and alpha: realiz3d-mini's layout.</summary>
/// <remarks>
/// 1. The prompt and the empty prompt, encoded, become what the network is told.
/// 2. A few candidates start as noise keyed by the seed; one where the model has no judge.
/// 3. All candidates take their steps together.
/// 4. They are decoded view by view; the one that the model's image tower finds nearest to the prompt stays, and the gray behind
/// the object is taken out.
/// </remarks>
internal sealed class ViewPainter : LoadedModel, IViewModel
{
    /// <summary>Objects painted for one that is kept.</summary>
    public const int Candidates = 8;

    /// <param name="parts">What it is loaded from.</param>
    public ViewPainter(ModelParts parts)
        : base(parts, parts.Own(parts.Folder.LoadTextEncoder()), parts.Own(parts.Folder.LoadAutoencoder()))
    {
        Network = DenoiseNetwork.Load(parts);
        Refuse(Problem());
        Judge = CandidateJudge.TryLoad(parts, TextEncoder.Config, ViewSize);
    }

    /// <inheritdoc/>
    public override ModelKind Kind => ModelKind.ViewPainter;

    /// <inheritdoc/>
    public override DenoiseNetwork Network { get; }

    /// <summary>Chooses among candidates; null where the folder has no image tower that shares the text encoder's space.</summary>
    public CandidateJudge? Judge { get; }

    /// <summary>Height and width of its views.</summary>
    public int ViewSize => Network.SampleSize.Width / SixViewGrid.Columns * Autoencoder.Config.Factor;

    /// <inheritdoc/>
    public void Check(PaintRequest request)
    {
        var problem = request switch
        {
            _ when string.IsNullOrWhiteSpace(request.Prompt) => $"prompt must have 1 to {PaintRequest.MaxPromptLength} characters that are not all spaces.",
            { Wire.ImageArtifactId.Length: > 0 } => $"image_artifact_id must be empty: {Name} is not shown pictures.",
            { Wire.HasViewSize: true } when request.Wire.ViewSize != ViewSize => $"view_size must be {ViewSize} or unset.",
            { Wire.HasCameraDistance: true } => "camera_distance must be unset: this model's rig has its own.",
            _ => null,
        };
        if (problem is not null)
        {
            throw new InvalidDataException(problem);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Prompts(PaintRequest request) => request.IsGuided ? ["", request.Prompt] : [request.Prompt];

    /// <inheritdoc/>
    public GridSize Frame(PaintRequest request) => new(SixViewGrid.Rows * ViewSize, SixViewGrid.Columns * ViewSize);

    /// <inheritdoc/>
    public SamplingJob Start(PaintRequest request, PromptTokens words, PixelImage? shown, ControlUse? control, SavedState? state)
    {
        using var scope = NewDisposeScope();

        // 1.
        var candidates = Judge is null ? 1 : Candidates;
        var told = Tell(request, words, candidates);

        // 2.
        long[] shape = [candidates, Network.InChannels, Network.SampleSize.Height, Network.SampleSize.Width];
        return SamplingJob.Begin(Network.Pass, told, Sampler(request.StepCount), shape, new GuidanceOptions(request.GuidanceScale), request.IsGuided, state);
    }

    /// <summary>What the network is told.</summary>
    /// <param name="request">The request.</param>
    /// <param name="words">Its encoded prompts.</param>
    /// <param name="candidates">Objects painted at once.</param>
    /// <returns>Text rows, the empty prompt's first. The caller disposes it.</returns>
    public JobConditions Tell(PaintRequest request, PromptTokens words, int candidates)
    {
        using var scope = NewDisposeScope();
        return new JobConditions(
            words.States.repeat_interleave(candidates, 0).DetachFromDisposeScope(),
            words.Mask.repeat_interleave(candidates, 0).DetachFromDisposeScope(),
            new JobNoise(request.Seed, Device));
    }

    /// <inheritdoc/>
    public ViewSet Finish(Tensor latents, PaintRequest request)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var views = PaintedViews.ToViews(Best(latents, request.Prompt)).cpu().contiguous();
        return ViewSets.Of(views, CameraRig.Zero123PlusV12, request, Hash);
    }

    /// <inheritdoc/>
    public Tensor Picture(Tensor estimate)
    {
        using var scope = NewDisposeScope();
        return SixViewGrid.Tile(Decode(estimate.narrow(0, 0, 1))).narrow(1, 0, 3).MoveToOuterDisposeScope();
    }

    /// <summary>A prompt's place in the space shared with images: the text encoder's pooled state.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <returns>[1, E]. The caller disposes it.</returns>
    public Tensor EmbedText(string prompt)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var ids = Tokenizer.EncodePadded(prompt).Ids;
        return TextEncoder.call(tensor(ids, [1, ids.Length]).to(Device), null).Pooled.MoveToOuterDisposeScope();
    }

    /// <summary>Encodes the views of an object into one grid of latents: a sample of the autoencoder's posterior.</summary>
    /// <param name="views">What the network sees of them, [6, 4, h, w] in [-1, 1].</param>
    /// <param name="noise">The sample's noise.</param>
    /// <returns>The grid, scaled as it is diffused, [1, C, H, W]. The caller disposes it.</returns>
    public Tensor EncodeViews(Tensor views, JobNoise noise)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var (mean, logVariance) = Autoencoder.Encode(views);
        using var drawn = noise.Draw(DrawPurpose.Posterior, 0, mean.shape);
        var sample = mean + ((logVariance * 0.5).exp() * drawn);
        return SixViewGrid.Tile(sample * Autoencoder.Config.ScalingFactor).MoveToOuterDisposeScope();
    }

    /// <summary>Decodes grids of latents into their views.</summary>
    /// <param name="grids">Grids, scaled as they are diffused, [K, C, H, W].</param>
    /// <returns>What the network painted: sRGB over mid gray, then alpha, about [-1, 1], [6 K, 4, h, w]. The caller disposes it.</returns>
    public Tensor Decode(Tensor grids)
    {
        using var scope = NewDisposeScope();
        var latents = SixViewGrid.Untile(grids) / Autoencoder.Config.ScalingFactor;
        return Rows.Run(
            Device, (int)latents.shape[0], (start, length) => Autoencoder.Decode(latents.narrow(0, start, length)))
            .MoveToOuterDisposeScope();
    }

    /// <summary>Decodes all candidates, [K, C, H, W], and keeps the one nearest to the prompt, [6, 4, h, w].</summary>
    private Tensor Best(Tensor grids, string prompt)
    {
        using var scope = NewDisposeScope();
        var painted = Decode(grids);                                                            // [6 K, 4, h, w]
        if (Judge is null)
        {
            return painted.MoveToOuterDisposeScope();
        }

        var scores = Judge.Score(EmbedText(prompt), painted);
        var best = Array.IndexOf(scores, scores.Max());
        return painted.narrow(0, best * SixViewGrid.Views, SixViewGrid.Views).MoveToOuterDisposeScope();
    }

    private string? Problem()
    {
        var (height, width) = (Network.SampleSize.Height, Network.SampleSize.Width);
        return Network switch
        {
            _ when TextEncoder.Config.HiddenSize != Network.TextWidth
                => $"the text encoder gives tokens of {TextEncoder.Config.HiddenSize} numbers, the {Network.Component} takes {Network.TextWidth}",
            _ when Autoencoder.Config.LatentChannels != Network.InChannels || Network.OutChannels != Network.InChannels
                => $"the autoencoder's latents have {Autoencoder.Config.LatentChannels} channels, "
                    + $"the {Network.Component} takes {Network.InChannels} and predicts {Network.OutChannels}",
            _ when height % SixViewGrid.Rows != 0 || height * SixViewGrid.Columns != width * SixViewGrid.Rows
                => $"the {Network.Component}'s sample_size {height} x {width} is not a grid of square views",
            _ => null,
        };
    }
}
