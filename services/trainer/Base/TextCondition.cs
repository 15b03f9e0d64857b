using Realiz3D.Mesh.Diffusion;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Training;

/// <summary>The frozen text encoder with its tokenizer.</summary>
internal sealed class TextCondition : IDisposable
{
    private readonly ClipTokenizer _tokenizer;
    private readonly ClipTextModel _encoder;

    /// <param name="folder">Folder of the text run: tokenizer and text_encoder.</param>
    public TextCondition(string folder)
    {
        _tokenizer = ClipTokenizer.Load(Path.Combine(folder, "tokenizer"));
        var encoder = Path.Combine(folder, "text_encoder");
        _encoder = new ClipTextModel(ConfigFile.Read<ClipTextConfig>(Path.Combine(encoder, "config.json")));
        Weights.Load(_encoder, encoder);
    }

    /// <summary>Width of a token, E.</summary>
    public int Width => _encoder.Config.HiddenSize;

    /// <summary>Encodes captions.</summary>
    /// <param name="captions">One per item; empty for none.</param>
    /// <returns>Hidden states [N, L, E] and mask [N, L]. The caller disposes them.</returns>
    public (Tensor Context, Tensor Mask) Encode(IReadOnlyList<string> captions)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var tokens = TokenBatch.Of(_tokenizer, captions);
        var states = _encoder.call(tokens.Ids, null).LastHiddenState;
        return scope.MoveToOuter(states, tokens.Mask);
    }

    /// <inheritdoc/>
    public void Dispose() => _encoder.Dispose();
}
