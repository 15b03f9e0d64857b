using static TorchSharp.torch;

namespace Realiz3D.Mesh.Serving;

/// <summary>Steps with equal keys may share a forward pass.</summary>
/// <param name="Pass">The network: one object per loaded model, adapters and control nets included, and per kind of pass.</param>
/// <param name="Latent">Shape of one item's latent, such as "8 x 24 x 16 Float32".</param>
/// <param name="Text">Shape of one item's text, such as "32 x 128 Float32".</param>
/// <param name="More">Shapes of what else an item brings, such as a reference; empty for nothing.</param>
public sealed record StepKey(DenoisePass Pass, string Latent, string Text, string More)
{
    /// <summary>The key of items like these.</summary>
    /// <param name="pass">The network.</param>
    /// <param name="latents">Latents, [N, C, H, W].</param>
    /// <param name="context">Text tokens, [N, L, E].</param>
    /// <param name="more">What else the network is shown; null for nothing.</param>
    /// <returns>The key.</returns>
    public static StepKey Of(DenoisePass pass, Tensor latents, Tensor context, IReadOnlyList<Tensor>? more = null) =>
        new(pass, Describe(latents), Describe(context), string.Join(", ", (more ?? []).Select(Describe)));

    private static string Describe(Tensor tensor) => $"{string.Join(" x ", tensor.shape[1..])} {tensor.dtype}";
}

/// <summary>One or more items that are to take a denoise step together, such as the two halves of guidance.</summary>
/// <param name="Pass">The network.</param>
/// <param name="Latents">Noised latents, scaled as the network takes them, [N, C, H, W].</param>
/// <param name="Timesteps">One timestep per item, whole or fractional.</param>
/// <param name="Context">Text tokens, [N, L, E].</param>
/// <param name="Mask">1 for tokens that count, [N, L].</param>
/// <param name="More">What else the network is shown, a row per item; null for nothing.</param>
public sealed record StepRequest(
    DenoisePass Pass,
    Tensor Latents,
    IReadOnlyList<double> Timesteps,
    Tensor Context,
    Tensor Mask,
    IReadOnlyList<Tensor>? More = null)
{
    /// <summary>Items, N.</summary>
    public int Items => Timesteps.Count;

    /// <summary>What it can share a pass with.</summary>
    public StepKey Key { get; } = StepKey.Of(Pass, Latents, Context, More);

    /// <summary>Whose it is. The step of a job is its job's.</summary>
    public StepOrigin Origin { get; init; } = new();

    /// <summary>The job that it is a step of; null for a single call that leaves no state.</summary>
    public AnnouncedWork? Job { get; init; }

    /// <summary>Whose it is, jobs considered.</summary>
    internal StepOrigin EffectiveOrigin => Job?.Origin ?? Origin;

    /// <summary>Runs several requests of one key together.</summary>
    /// <param name="requests">At least one.</param>
    /// <param name="limit">Most items of one pass.</param>
    /// <returns>Rows in the order of the requests. The caller disposes it.</returns>
    internal static Tensor Join(IReadOnlyList<StepRequest> requests, int limit)
    {
        using var scope = NewDisposeScope();
        var latents = Joined(requests.Select(request => request.Latents));
        var timesteps = requests.SelectMany(request => request.Timesteps).Select(t => (float)t).ToArray();
        var inputs = new StepInputs(
            latents,
            tensor(timesteps).to(latents.device),
            Joined(requests.Select(request => request.Context)),
            Joined(requests.Select(request => request.Mask)))
        {
            More = [.. Enumerable.Range(0, requests[0].More?.Count ?? 0)
                .Select(i => Joined(requests.Select(request => request.More![i])))],
        };
        return Rows
            .RunTogether(latents.device, timesteps.Length, limit, (start, length) => requests[0].Pass(inputs.Rows(start, length)))
            .MoveToOuterDisposeScope();
    }

    private static Tensor Joined(IEnumerable<Tensor> parts) => cat(parts.ToArray(), 0);
}
