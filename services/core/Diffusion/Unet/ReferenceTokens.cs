using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Self-attention tokens of a pass over a reference, for the self-attentions of the pass that follows.</summary>
/// <remarks>
/// The first pass keeps the input of every self-attention; in the second, each of them looks at its own tokens and, after
/// them, at those kept at the same place. Source: Shi et al. 2023 (Zero123++), arXiv:2310.15110, section 2.2.
/// </remarks>
public sealed class ReferenceTokens : IDisposable
{
    private readonly Queue<Tensor> _kept = [];
    private bool _reads;

    /// <summary>Ends the first pass: what follows reads.</summary>
    public void StartReading() => _reads = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_kept.TryDequeue(out var tokens))
        {
            tokens.Dispose();
        }
    }

    /// <summary>Keeps an attention's tokens, or gives it those kept at its place.</summary>
    /// <param name="tokens">The attention's own tokens, [N, T, D].</param>
    /// <returns>What it looks at: its own tokens, [N, T, D], or own and kept ones, [N, T + R, D].</returns>
    internal Tensor Exchange(Tensor tokens)
    {
        if (!_reads)
        {
            _kept.Enqueue(tokens.alias().DetachFromDisposeScope());
            return tokens;
        }

        if (!_kept.TryDequeue(out var reference))
        {
            throw new InvalidOperationException("The reference was read more often than it was written.");
        }

        using (reference)
        {
            return cat([tokens, reference], 1);
        }
    }
}
