using Realiz3D.Mesh.Diffusion;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Training;

/// <summary>Captions as token ids, cut at the longest of the batch.</summary>
/// <param name="Ids">Ids, int64 [N, L].</param>
/// <param name="Mask">1 for tokens that count, float [N, L].</param>
internal readonly record struct TokenBatch(Tensor Ids, Tensor Mask)
{
    /// <summary>Tokenizes a batch.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="captions">One per item.</param>
    /// <returns>The batch. The caller disposes its tensors.</returns>
    public static TokenBatch Of(ClipTokenizer tokenizer, IReadOnlyList<string> captions)
    {
        var prompts = captions.Select(tokenizer.EncodePadded).ToArray();
        var length = (int)prompts.Max(prompt => prompt.Mask.Sum());
        long[] extents = [prompts.Length, length];
        return new TokenBatch(
            tensor(prompts.SelectMany(prompt => prompt.Ids.Take(length)).ToArray(), extents),
            tensor(prompts.SelectMany(prompt => prompt.Mask.Take(length)).Select(m => (float)m).ToArray(), extents));
    }
}
