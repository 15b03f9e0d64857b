using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Serving;
using Realiz3D.Mesh.Storage;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Benchmarks.Batcher;

/// <summary>realiz3d-mini as the denoiser runs it: its jobs and its single calls, sent to a batcher.</summary>
internal sealed class MiniModel : IDisposable
{
    /// <summary>Sampler steps of a job.</summary>
    public const int Steps = 30;

    /// <summary>Items of a step: one object, and its unguided half.</summary>
    public const int Items = 2;

    private const double GuidanceScale = 3;
    private const int Channels = 8;
    private const int Height = 24;
    private const int Width = 16;

    private static readonly string[] s_prompts =
    [
        "a red vase", "a blue chair", "a wooden table", "a green car", "a yellow rocket", "a gray robot", "a white lamp", "a black cup",
    ];

    private readonly Transformer2DModel _transformer;
    private readonly AutoencoderKL _autoencoder;
    private readonly ClipTextModel _text;
    private readonly ClipTokenizer _tokenizer;
    private readonly NoiseSchedule _schedule;

    /// <param name="path">The model's folder.</param>
    public MiniModel(string path)
    {
        var folder = ModelFolder.Open(path);
        _transformer = folder.LoadTransformer();
        _autoencoder = folder.LoadAutoencoder();
        _text = folder.LoadTextEncoder();
        _tokenizer = folder.ReadTokenizer();
        _schedule = new NoiseSchedule(folder.ReadScheduler());
        Pass = step => _transformer.call(step.Latents, step.Context, step.Timesteps, step.Mask);
    }

    /// <summary>The network.</summary>
    public DenoisePass Pass { get; }

    /// <summary>Samples one object of six views.</summary>
    /// <param name="batcher">Runs the steps.</param>
    /// <param name="seed">Key of its noise; also chooses the prompt.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>The final latent, [1, C, H, W]. The caller disposes it.</returns>
    public async Task<Tensor> SampleAsync(StepBatcher batcher, ulong seed, CancellationToken cancel)
    {
        var (states, mask) = Encode(s_prompts[seed % (ulong)s_prompts.Length], "");
        using var ownedStates = states;
        using var ownedMask = mask;
        var sampler = new DdimScheduler(_schedule, new SamplingOptions(Steps));
        using var history = new SchedulerHistory();
        var latent = Noise(seed, 1);
        using var job = batcher.Announce(StepKey.Of(Pass, latent, states), Items, Steps, new StepOrigin(Tenant: $"job {seed}"));
        foreach (var timestep in sampler.Timesteps)
        {
            using var both = latent.repeat(Items, 1, 1, 1).DetachFromDisposeScope();
            var request = new StepRequest(Pass, both, [timestep, timestep], states, mask) { Job = job };
            using var output = await batcher.RunAsync(request, cancel);
            var previous = latent;
            latent = Advance(sampler, output, previous, history);
            previous.Dispose();
        }

        return latent;
    }

    /// <summary>One call for a score, one item without guidance, as <c>PredictNoise</c> makes it.</summary>
    /// <returns>The network's output, [1, C, H, W]. The caller disposes it.</returns>
    public async Task<Tensor> CallAsync(StepBatcher batcher, ulong seed, int timestep, CancellationToken cancel)
    {
        var (states, mask) = Encode(s_prompts[seed % (ulong)s_prompts.Length]);
        using var ownedStates = states;
        using var ownedMask = mask;
        using var latent = Noise(seed, 1);
        var request = new StepRequest(Pass, latent, [timestep], states, mask)
        {
            Origin = new StepOrigin(StepClass.Batch, $"call {seed}"),
        };
        return await batcher.RunAsync(request, cancel);
    }

    /// <summary>The views of a latent as bytes of sRGB and alpha.</summary>
    public byte[] Picture(Tensor latent)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var views = _autoencoder.Decode(SixViewGrid.Untile(latent) / _autoencoder.Config.ScalingFactor);
        return ((views + 1) * 127.5).clamp(0, 255).round().to(ScalarType.Byte).contiguous().bytes.ToArray();
    }

    /// <summary>Rows for the network: latents, text and its mask.</summary>
    public (Tensor Latents, Tensor Context, Tensor Mask) Rows(int count)
    {
        using var scope = NewDisposeScope();
        var (states, mask) = Encode([.. Enumerable.Repeat(s_prompts[0], count)]);
        return (Noise(1, count), states, mask);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _transformer.Dispose();
        _autoencoder.Dispose();
        _text.Dispose();
    }

    private static Tensor Noise(ulong seed, int count)
    {
        var numbers = new float[count * Channels * Height * Width];
        new Philox(seed, DrawPurpose.Start).FillNormal(numbers, 0);
        return tensor(numbers, [count, Channels, Height, Width]).DetachFromDisposeScope();
    }

    private static Tensor Advance(DdimScheduler sampler, Tensor output, Tensor latent, SchedulerHistory history)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var guided = Guidance.Apply(output.narrow(0, 1, 1), output.narrow(0, 0, 1), GuidanceScale);
        return sampler.TakeStep(guided, latent, history).Previous.DetachFromDisposeScope();
    }

    private (Tensor States, Tensor Mask) Encode(params string[] prompts)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var tokens = prompts.Select(_tokenizer.EncodePadded).ToArray();
        long[] extents = [prompts.Length, _tokenizer.MaxLength];
        var ids = tensor(tokens.SelectMany(t => t.Ids).ToArray(), extents);
        var mask = tensor(tokens.SelectMany(t => t.Mask).Select(m => (float)m).ToArray(), extents);
        return (_text.call(ids, null).LastHiddenState.DetachFromDisposeScope(), mask.DetachFromDisposeScope());
    }
}
