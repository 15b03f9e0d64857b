using static TorchSharp.torch;

namespace Realiz3D.Mesh.Serving;

/// <summary>A network's forward pass: noised latents [N, C, H, W], timesteps int64 [N], text [N, L, E] and its mask [N, L].</summary>
/// <param name="latents">Noised latents, [N, C, H, W].</param>
/// <param name="timesteps">Timesteps, int64 [N].</param>
/// <param name="context">Text tokens, [N, L, E].</param>
/// <param name="mask">1 for tokens that count, [N, L].</param>
/// <returns>[N, C', H, W].</returns>
public delegate Tensor DenoisePass(Tensor latents, Tensor timesteps, Tensor context, Tensor mask);

/// <summary>Steps with equal keys may share a forward pass.</summary>
/// <param name="Pass">The network: one object per loaded model, adapters included.</param>
/// <param name="Latent">Shape of one item's latent, such as "8 x 24 x 16 Float32".</param>
/// <param name="Text">Shape of one item's text, such as "32 x 128".</param>
public sealed record StepKey(DenoisePass Pass, string Latent, string Text);

/// <summary>One or more items that are to take a denoise step together, such as the two halves of guidance.</summary>
/// <param name="Pass">The network.</param>
/// <param name="Latents">Noised latents, [N, C, H, W].</param>
/// <param name="Timesteps">One timestep per item.</param>
/// <param name="Context">Text tokens, [N, L, E].</param>
/// <param name="Mask">1 for tokens that count, [N, L].</param>
public sealed record StepRequest(
    DenoisePass Pass, Tensor Latents, IReadOnlyList<int> Timesteps, Tensor Context, Tensor Mask)
{
    /// <summary>Items, N.</summary>
    public int Items => Timesteps.Count;

    /// <summary>What it can share a pass with.</summary>
    public StepKey Key { get; } = new(Pass, Describe(Latents), Describe(Context));

    /// <summary>Runs several requests of one key together.</summary>
    /// <param name="requests">At least one.</param>
    /// <returns>Rows in the order of the requests. The caller disposes it.</returns>
    internal static Tensor Join(IReadOnlyList<StepRequest> requests)
    {
        using var scope = NewDisposeScope();
        var latents = Joined(requests.Select(request => request.Latents));
        var timesteps = requests.SelectMany(request => request.Timesteps).Select(t => (long)t).ToArray();
        var times = tensor(timesteps).to(latents.device);
        var context = Joined(requests.Select(request => request.Context));
        var mask = Joined(requests.Select(request => request.Mask));
        return Rows.Run(latents.device, timesteps.Length, (start, length) => requests[0].Pass(
            latents.narrow(0, start, length),
            times.narrow(0, start, length),
            context.narrow(0, start, length),
            mask.narrow(0, start, length))).MoveToOuterDisposeScope();
    }

    private static Tensor Joined(IEnumerable<Tensor> parts) => cat(parts.ToArray(), 0);

    private static string Describe(Tensor tensor) => $"{string.Join(" x ", tensor.shape[1..])} {tensor.dtype}";
}
