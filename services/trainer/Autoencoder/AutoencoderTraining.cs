using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Storage;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Training;

/// <summary>Trains the autoencoder on single views with alpha.</summary>
/// <remarks>
/// 1. Train on random views. 2. Measure the latents and fold their scale into the weights. 3. Write the folder vae and say
/// how well views come back.
/// </remarks>
/// <param name="recipe">How to train.</param>
/// <param name="data">The data.</param>
/// <param name="start">Folder with weights to start from, such as an earlier run's checkpoint/averaged; empty for none.</param>
internal sealed class AutoencoderTraining(Recipe recipe, ObjectSet data, string start)
{
    private static readonly AutoencoderConfig Config = new(
        [16, 24, 48, 96], InChannels: 4, OutChannels: 4, LatentChannels: 8, LayersPerBlock: 1, NormNumGroups: 4,
        SampleSize: ObjectShard.Size, ScalingFactor: 1);

    private readonly Philox _random = new(recipe.Seed, DrawPurpose.Data);
    private readonly Philox _posterior = new(recipe.Seed, DrawPurpose.Posterior);

    /// <summary>Trains and writes the result.</summary>
    /// <param name="cancel">Stops after the current step.</param>
    public void Run(CancellationToken cancel)
    {
        // 1.
        var loop = new TrainingLoop<AutoencoderKL>(recipe, Build, Loss);
        if (!loop.Run(DrawSheet, cancel))
        {
            return;
        }

        // 2.
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var sample = Enumerable.Range(0, Math.Min(2000, data.Count)).Select(i => ((long)i * 6) + (i % 6)).ToArray();
        var (mean, deviation) = LatentScale.Measure(LatentScale.Encode(loop.Averaged, data, sample));
        LatentScale.Fold(loop.Averaged.state_dict(), mean, deviation);

        // 3.
        ModelFolder.Save(loop.Averaged, Config, Path.Combine(recipe.Folder, "vae"));
        Console.WriteLine($"vae: {Fidelity(loop.Averaged):F1} dB over 600 views.");
    }

    private AutoencoderKL Build()
    {
        using var generator = new Generator(recipe.Seed);
        var model = new AutoencoderKL(Config);
        model.Initialise(generator);
        if (start.Length > 0)
        {
            Weights.Load(model, start);
        }

        return model;
    }

    private Tensor Loss(AutoencoderKL model, Share share)
    {
        using var scope = NewDisposeScope();
        var views = Batches.Draw(_random, share, data.Count * ObjectShard.ViewCount);
        var image = data.Take([.. views.Select(view => (long)view)]);                   // [N, 4, 64, 64]
        var (mean, logVariance) = model.Encode(image);                                  // [N, 8, 8, 8]
        var noise = new float[mean.numel()];
        _posterior.FillNormal(noise, (share.Step * 64) + (share.FirstItem / share.Items));
        var latent = mean + ((logVariance * 0.5).exp() * tensor(noise, mean.shape));    // [N, 8, 8, 8]
        return AutoencoderLoss.Of(image, model.Decode(latent), mean, logVariance).MoveToOuterDisposeScope();
    }

    /// <summary>Rows of twelve views, each above what came back of it; colour, then alpha.</summary>
    private void DrawSheet(AutoencoderKL model, string path)
    {
        var views = Enumerable.Range(0, 48).Select(i => (long)i * (data.Count / 48) * 6 % (data.Count * 6L)).ToArray();
        var image = data.Take(views);
        var back = model.Decode(model.Encode(image).Mean);
        var rows = new List<Tensor>();
        foreach (var start in Enumerable.Range(0, 4).Select(i => i * 12))
        {
            foreach (var part in new[] { image.narrow(0, start, 12), back.narrow(0, start, 12) })
            {
                rows.Add(part.narrow(1, 0, 3));
                rows.Add(part.narrow(1, 3, 1).expand(-1, 3, -1, -1));
            }
        }

        File.WriteAllBytes(path, Picture.Sheet((cat(rows, 0) + 1) * 0.5, 12).ToPng());
    }

    private double Fidelity(AutoencoderKL model)
    {
        var error = 0.0;
        var views = Enumerable.Range(0, 600).Select(i => i * 7919L % (data.Count * 6L)).ToArray();
        foreach (var batch in views.Chunk(60))
        {
            using var scope = NewDisposeScope();
            var image = data.Take(batch);
            var back = model.Decode(model.Encode(image).Mean).clamp(-1, 1);
            error += ((back - image) * 0.5).square().mean().ToDouble() / 10;
        }

        return -10 * Math.Log10(error);
    }
}
