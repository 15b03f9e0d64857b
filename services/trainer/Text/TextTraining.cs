using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Storage;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Training;

/// <summary>Trains the little CLIP: captions and views of the same object are pulled together, others apart.</summary>
/// <remarks>
/// 1. A vocabulary is built from the captions. 2. Both towers are trained on (caption, one random view).
/// 3. They are written as the folders tokenizer, text_encoder and image_encoder.
/// The text projection is held at the identity, so that the published text encoder alone gives the text's place in the
/// shared space: it is the pooled state. Source: Radford et al. 2021, arXiv:2103.00020, section 2.3 and figure 3.
/// </remarks>
internal sealed class TextTraining
{
    private const int Width = 128;
    private const int MaxLength = 32;

    private readonly Recipe _recipe;
    private readonly ObjectSet _data;
    private readonly ClipTokenizer _tokenizer;
    private readonly ClipConfig _config;
    private readonly Philox _random;

    /// <param name="recipe">How to train.</param>
    /// <param name="data">The data.</param>
    public TextTraining(Recipe recipe, ObjectSet data)
    {
        (_recipe, _data, _random) = (recipe, data, new Philox(recipe.Seed, DrawPurpose.Data));

        // 1.
        var words = _data.Captions.SelectMany(captions => captions).SelectMany(WordsOf).Concat(CaptionVariation.Fillers);
        var folder = Path.Combine(recipe.Folder, "tokenizer");
        TokenizerFolder.Write(folder, new VocabularyBuilder(words), MaxLength);
        _tokenizer = ClipTokenizer.Load(folder);
        _config = Config(_tokenizer);
    }

    /// <summary>Trains and writes the result.</summary>
    /// <param name="cancel">Stops after the current step.</param>
    public void Run(CancellationToken cancel)
    {
        // 2.
        var loop = new TrainingLoop<ClipModel>(_recipe, Build, Loss);
        var finished = loop.Run(null, cancel);
        Console.WriteLine($"text: {Accuracy(loop.Averaged):P1} of 64 views find their caption among 64.");

        // 3.
        if (finished)
        {
            Export(loop.Averaged);
        }
    }

    private static IEnumerable<string> WordsOf(string caption) =>
        new string([.. caption.Select(c => char.IsLetter(c) ? c : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.ToLowerInvariant());

    private static ClipConfig Config(ClipTokenizer tokenizer)
    {
        var ends = tokenizer.Encode("");
        return new ClipConfig(
            new ClipTextConfig(
                tokenizer.VocabularySize, Width, 4 * Width, NumHiddenLayers: 3, NumAttentionHeads: 4, MaxLength,
                ProjectionDim: Width, BosTokenId: ends[0], EosTokenId: ends[^1], PadTokenId: ends[^1],
                Architectures: ["CLIPTextModel"]),
            new ClipVisionConfig(
                Width, 4 * Width, NumHiddenLayers: 3, NumAttentionHeads: 4, ImageSize: ObjectShard.Size, PatchSize: 8,
                ProjectionDim: Width, Architectures: ["CLIPVisionModelWithProjection"]),
            Width);
    }

    private ClipModel Build()
    {
        using var generator = new Generator(_recipe.Seed);
        var model = new ClipModel(_config);
        model.Initialise(generator);
        var projection = model.get_parameter("text_projection.weight")!;
        using var _ = no_grad();
        projection.copy_(eye(Width)).Dispose();
        projection.requires_grad = false;
        return model;
    }

    private Tensor Loss(ClipModel model, Share share)
    {
        var objects = Batches.Draw(_random, share, _data.Count);
        var captions = new string[objects.Length];
        var views = new long[objects.Length];
        for (var i = 0; i < objects.Length; i++)
        {
            var item = share.FirstItem + i;
            var choices = _data.Captions[objects[i]];
            var caption = choices[_random.Below(choices.Length, share.Step, (1L << 33) + item)];
            captions[i] = CaptionVariation.Apply(caption, _random, share.Step, (1 << 20) + item);
            views[i] = ((long)objects[i] * ObjectShard.ViewCount)
                + _random.Below(ObjectShard.ViewCount, share.Step, (1L << 34) + item);
        }

        return ContrastiveLoss(model, captions, views);
    }

    private Tensor ContrastiveLoss(ClipModel model, string[] captions, long[] views)
    {
        using var scope = NewDisposeScope();
        var (perImage, _, _) = model.call(TokenBatch.Of(_tokenizer, captions).Ids, _data.Take(views).narrow(1, 0, 3));
        var own = arange(captions.Length, ScalarType.Int64);
        var loss = (nn.functional.cross_entropy(perImage, own) + nn.functional.cross_entropy(perImage.t(), own)) * 0.5;
        return loss.MoveToOuterDisposeScope();
    }

    private double Accuracy(ClipModel model)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var share = new Share(int.MaxValue, 0, 64);
        var objects = Batches.Draw(_random, share, _data.Count);
        var captions = objects.Select(o => _data.Captions[o][0]).ToArray();
        var views = objects.Select(o => (long)o * ObjectShard.ViewCount).ToArray();
        var (perImage, _, _) = model.call(TokenBatch.Of(_tokenizer, captions).Ids, _data.Take(views).narrow(1, 0, 3));
        var found = perImage.argmax(1).data<long>().ToArray();
        return found.Where((caption, image) => captions[caption] == captions[image]).Count() / 64.0;
    }

    private void Export(ClipModel model)
    {
        var state = model.state_dict();
        using var text = new ClipTextModel(_config.TextConfig);
        text.load_state_dict(Part(state, "text_model."));
        ModelFolder.Save(text, _config.TextConfig, Path.Combine(_recipe.Folder, "text_encoder"));
        using var vision = new ClipVisionModel(_config.VisionConfig);
        vision.load_state_dict(Part(state, "vision_model.", "visual_projection."));
        ModelFolder.Save(vision, _config.VisionConfig, Path.Combine(_recipe.Folder, "image_encoder"));
    }

    private static Dictionary<string, Tensor> Part(Dictionary<string, Tensor> state, params string[] prefixes) => state
        .Where(pair => prefixes.Any(prefix => pair.Key.StartsWith(prefix, StringComparison.Ordinal)))
        .ToDictionary();
}
