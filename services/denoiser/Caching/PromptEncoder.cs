using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>Encoded prompts.</summary>
/// <param name="States">Hidden states, [N, L, E].</param>
/// <param name="Mask">1 for tokens that the network looks at, [N, L].</param>
internal sealed record PromptTokens(Tensor States, Tensor Mask) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        States.Dispose();
        Mask.Dispose();
    }
}

/// <summary>Encodes prompts with a model's text encoder, or takes what was encoded before from the cache.</summary>
/// <remarks>Each prompt is encoded by itself, so its tokens are the same bytes from either.</remarks>
internal sealed class PromptEncoder(DenoiseCache cache)
{
    /// <summary>Encodes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompts">One per item; empty ones for the unguided condition. No prompts give no rows.</param>
    /// <returns>The tokens, of no dispose scope. The caller disposes them.</returns>
    public Task<PromptTokens> EncodeAsync(LoadedModel model, params IReadOnlyList<string> prompts) =>
        EncodeAsync(model, AdapterSet.None, prompts);

    /// <summary>Encodes with adapters worn.</summary>
    /// <param name="model">The model.</param>
    /// <param name="adapters">The adapters.</param>
    /// <param name="prompts">One per item.</param>
    /// <returns>The tokens, of no dispose scope. The caller disposes them.</returns>
    public async Task<PromptTokens> EncodeAsync(LoadedModel model, AdapterSet adapters, IReadOnlyList<string> prompts)
    {
        var keys = prompts.Select(prompt => KeyOf(model, adapters, prompt)).ToArray();
        var bytes = new byte[]?[prompts.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            bytes[i] = await cache.FindAsync(keys[i], found => found.Length == model.TextBytes).ConfigureAwait(false);
        }

        var missing = Enumerable.Range(0, keys.Length).Where(i => bytes[i] is null).ToArray();
        var tokens = Join(model, adapters, prompts, bytes, missing);
        foreach (var i in missing)
        {
            await cache.KeepAsync(keys[i], bytes[i]!).ConfigureAwait(false);
        }

        return tokens;
    }

    private static CacheKey KeyOf(LoadedModel model, AdapterSet adapters, string prompt) => new(
        "text", model.Name, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{model.Identity} {adapters.Hash} {prompt}"))));

    /// <summary>All rows, in order; those that are missing are computed and their bytes filled in.</summary>
    private static PromptTokens Join(LoadedModel model, AdapterSet adapters, IReadOnlyList<string> prompts, byte[]?[] bytes, int[] missing)
    {
        using var scope = NewDisposeScope();
        var rows = bytes.Select(row => row is null ? null : model.TextOf(row)).ToArray();
        var computed = missing.Length == 0 ? null : model.Encode(adapters, [.. missing.Select(i => prompts[i])]).States;
        for (var k = 0; k < missing.Length; k++)
        {
            var row = computed!.narrow(0, k, 1);                                                        // [1, L, E]
            rows[missing[k]] = row;
            bytes[missing[k]] = row.cpu().contiguous().bytes.ToArray();
        }

        var states = rows.Length == 0 ? zeros(0, model.Text.Tokens, model.Text.Width) : cat(rows!, 0);
        var mask = model.MaskOf(prompts);
        return new PromptTokens(states.DetachFromDisposeScope(), mask.DetachFromDisposeScope());
    }
}
