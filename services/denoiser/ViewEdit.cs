using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Storage;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>One change of given views: the latents that stay, and the pixels that stay.</summary>
internal sealed class ViewEdit : IDisposable
{
    private const byte Painted = 128;

    private readonly ViewPainter _painter;
    private readonly PaintRequest _request;
    private readonly ViewSet _given;
    private readonly Tensor _clean;
    private readonly Tensor _noise;
    private readonly Tensor? _mask;

    /// <param name="painter">The model.</param>
    /// <param name="request">What to paint.</param>
    /// <param name="given">Views of the model's own size.</param>
    /// <param name="mask">One channel, three rows of two views: from 128 on painted anew; null for all.</param>
    public ViewEdit(ViewPainter painter, PaintRequest request, ViewSet given, PixelImage? mask)
    {
        (_painter, _request, _given) = (painter, request, given);
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var noise = new JobNoise(request.Seed, painter.Device);
        var rgba = tensor(given.Rgba, [given.Count, 4, given.Size, given.Size]).to(painter.Device);
        _clean = painter.EncodeViews(PaintedViews.ToNetwork(rgba), noise).DetachFromDisposeScope();
        _noise = noise.Draw(DrawPurpose.Start, 0, _clean.shape);
        _mask = mask is null
            ? null
            : tensor(mask.Bytes, [1, 1, mask.Height, mask.Width]).ge(Painted).to(ScalarType.Float32).to(painter.Device).DetachFromDisposeScope();
    }

    /// <summary>Puts the job where the strength starts.</summary>
    /// <param name="words">The request's encoded prompts.</param>
    /// <param name="skipped">Steps that are left out.</param>
    /// <returns>The job; the caller disposes it before this.</returns>
    public SamplingJob Start(PromptTokens words, int skipped)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var sampler = _painter.Sampler(_request.StepCount);
        var sampling = new GuidedSampling(
            sampler,
            KeptRegion.Noised(sampler, _clean, _noise, skipped),
            new GuidanceOptions(_request.GuidanceScale),
            _request.IsGuided,
            new SchedulerHistory(skipped))
        {
            Kept = _mask is null ? null : new KeptRegion(_clean, _noise, Shrunk(_mask, _clean)).Copy(),
        };
        return SamplingJob.Begin(_painter.Network.Pass, _painter.Tell(_request, words, candidates: 1), sampling);
    }

    /// <summary>The finished views.</summary>
    /// <param name="latents">Where the job ended, [1, C, H, W].</param>
    /// <returns>The views.</returns>
    public ViewSet Finish(Tensor latents)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var views = PaintedViews.ToViews(_painter.Decode(latents)).cpu();                       // [6, 4, h, h]
        if (_mask is not null)
        {
            var stays = SixViewGrid.Untile(_mask).cpu().eq(0).expand(-1, 4, -1, -1);
            views = where(stays, tensor(_given.Rgba, views.shape), views);
        }

        return _given with
        {
            Rgba = views.contiguous().data<float>().ToArray(),
            Source = "model",
            Prompt = _request.Prompt,
            Seed = unchecked((long)_request.Seed),
            ModelHash = _painter.Hash,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _clean.Dispose();
        _noise.Dispose();
        _mask?.Dispose();
    }

    /// <summary>A cell of the latent is painted where any of its pixels is.</summary>
    private static Tensor Shrunk(Tensor mask, Tensor latents)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (latents.shape[2], latents.shape[3]);
        return mask
            .reshape(1, 1, height, mask.shape[2] / height, width, mask.shape[3] / width)
            .amax([3, 5])
            .MoveToOuterDisposeScope();
    }
}
