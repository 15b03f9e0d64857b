using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Storage;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Training;

/// <summary>Trains the diffusion transformer on six-view grids of latents with captions.</summary>
/// <remarks>
/// 1. All views are encoded once and tiled, three rows of two. 2. Each step draws grids, captions, timesteps and noise, and
/// the network predicts the clean grid. One caption in ten is dropped, for guidance. 3. The folder transformer is written.
/// Text is encoded by the frozen text encoder at each step, so that every caption is new.
/// </remarks>
internal sealed class BaseTraining : IDisposable
{
    private const double CaptionDropout = 0.1;

    private readonly Recipe _recipe;
    private readonly ObjectSet _data;
    private readonly TextCondition _text;
    private readonly AutoencoderKL _autoencoder;
    private readonly NoiseSchedule _schedule = new(Schedule);
    private readonly Tensor _grids;
    private readonly Philox _random;
    private readonly Philox _noise;

    /// <param name="recipe">How to train.</param>
    /// <param name="data">The data.</param>
    /// <param name="text">Folder of the text run.</param>
    /// <param name="vae">Folder of the autoencoder run.</param>
    public BaseTraining(Recipe recipe, ObjectSet data, string text, string vae)
    {
        (_recipe, _data, _text) = (recipe, data, new TextCondition(text));
        (_random, _noise) = (new Philox(recipe.Seed, DrawPurpose.Data), new Philox(recipe.Seed, DrawPurpose.Start));
        var folder = Path.Combine(vae, "vae");
        _autoencoder = new AutoencoderKL(ConfigFile.Read<AutoencoderConfig>(Path.Combine(folder, "config.json")));
        Weights.Load(_autoencoder, folder);

        // 1.
        _grids = LatentGrids.Of(_autoencoder, folder, data, recipe);
    }

    /// <summary>The noise schedule: a squared cosine, which ends in pure noise.</summary>
    public static SchedulerConfig Schedule { get; } = new(
        BetaSchedule: BetaSchedule.SquaredcosCapV2,
        PredictionType: PredictionType.Sample,
        TimestepSpacing: TimestepSpacing.Trailing,
        ClipSample: false);

    /// <summary>Trains and writes the result.</summary>
    /// <param name="cancel">Stops after the current step.</param>
    public void Run(CancellationToken cancel)
    {
        // 2.
        var loop = new TrainingLoop<Transformer2DModel>(_recipe, Build, Loss);
        var sheet = new PromptSheet(_text, _autoencoder, _schedule, _recipe.Seed);
        var finished = loop.Run(sheet.Draw, cancel);

        // 3.
        ModelFolder.Save(loop.Averaged, loop.Averaged.Config, Path.Combine(_recipe.Folder, "transformer"));
        ConfigFile.Write(Path.Combine(_recipe.Folder, "scheduler", "scheduler_config.json"), Schedule);
        Console.WriteLine($"base: {loop.StepsDone} steps, {(finished ? "finished" : "stopped before the end")}.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _grids.Dispose();
        _autoencoder.Dispose();
        _text.Dispose();
    }

    private Transformer2DModel Build()
    {
        using var generator = new Generator(_recipe.Seed);
        var model = new Transformer2DModel(new TransformerConfig(
            NumAttentionHeads: 6, AttentionHeadDim: 32, InChannels: 8, NumLayers: 6, new GridSize(24, 16), _text.Width));
        model.Initialise(generator);
        return model;
    }

    private Tensor Loss(Transformer2DModel model, Share share)
    {
        using var scope = NewDisposeScope();

        var objects = Batches.Draw(_random, share, _data.Count);
        var captions = objects.Select((o, i) => Caption(o, share.Step, share.FirstItem + i)).ToArray();
        var key = (share.Step * 64) + (share.FirstItem / share.Items);
        var timesteps = Objective.Timesteps(_noise, int.MaxValue - key, share.Items, Schedule.NumTrainTimesteps);
        int[] at = [.. timesteps.Select(t => (int)t)];

        var clean = _grids.index_select(0, tensor(objects.Select(o => (long)o).ToArray()));     // [N, 8, 24, 16]
        var numbers = new float[clean.numel()];
        _noise.FillNormal(numbers, key);
        var noised = _schedule.AddNoise(clean, tensor(numbers, clean.shape), at);               // [N, 8, 24, 16]
        var (context, mask) = _text.Encode(captions);                                           // [N, L, E], [N, L]
        var predicted = model.call(noised, context, tensor(timesteps), mask);                   // [N, 8, 24, 16]

        var weights = at.Select(t => (float)Objective.VelocityWeight(_schedule.AlphasCumprod[t])).ToArray();
        var error = (predicted - clean).square().mean([1, 2, 3]);                               // [N]
        return (error * tensor(weights)).mean().MoveToOuterDisposeScope();
    }

    private string Caption(int item, int step, int place)
    {
        if (_random.Uniform(step, (1L << 35) + place) < CaptionDropout)
        {
            return "";
        }

        var choices = _data.Captions[item];
        var caption = choices[_random.Below(choices.Length, step, (1L << 36) + place)];
        return CaptionVariation.Apply(caption, _random, step, (1 << 20) + place);
    }
}
