using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Scenes;
using Realiz3D.Mesh.Storage;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Training;

/// <summary>Trains the benchmark's classifier on renders alone, disturbed as finished assets may be.</summary>
/// <remarks>
/// 1. Nine objects in ten are trained on, each view shifted, blurred, tinted and made noisy. 2. The tenth is held out: the
/// share of its views that are named rightly is printed. 3. The weights are written.
/// </remarks>
internal sealed class ClassifierTraining(Recipe recipe, ObjectSet data, string export)
{
    private const int LargestShift = 5;

    private readonly Philox _random = new(recipe.Seed, DrawPurpose.Data);
    private readonly Philox _noise = new(recipe.Seed, DrawPurpose.Step);

    // The categories take turns with period 16, so the held-out tenth must not be every tenth object.
    private int TrainedObjects => data.Count - (data.Count / 10);

    /// <summary>Trains, measures and writes the result.</summary>
    /// <param name="cancel">Stops after the current step.</param>
    public void Run(CancellationToken cancel)
    {
        // 1.
        var loop = new TrainingLoop<CategoryClassifier>(recipe, Build, Loss);
        var finished = loop.Run(null, cancel);

        // 2.
        var (views, objects) = HeldOutAccuracy(loop.Averaged);
        Console.WriteLine($"classifier: held out, {views:P1} of views and {objects:P1} of objects are named rightly.");

        // 3.
        if (finished)
        {
            Weights.Save(loop.Averaged, Path.Combine(export, "model.safetensors"), ElementKind.F32);
        }
    }

    private CategoryClassifier Build()
    {
        using var generator = new Generator(recipe.Seed);
        var model = new CategoryClassifier();
        model.Initialise(generator);
        return model;
    }

    private Tensor Loss(CategoryClassifier model, Share share)
    {
        using var scope = NewDisposeScope();
        var views = Batches.Draw(_random, share, TrainedObjects * ObjectShard.ViewCount);
        var image = Disturb(data.Take([.. views.Select(view => (long)view)]), share);
        var labels = tensor(views.Select(view => data.Categories[view / ObjectShard.ViewCount]).ToArray());
        return nn.functional.cross_entropy(model.call(image), labels).MoveToOuterDisposeScope();
    }

    /// <summary>Shifts the batch, blurs it half of the time, changes gain and tint of each view, adds noise.</summary>
    private Tensor Disturb(Tensor image, Share share)
    {
        using var scope = NewDisposeScope();
        var (step, key) = (share.Step, (1L << 40) + share.FirstItem);
        int Shift(long element) => _random.Below((2 * LargestShift) + 1, step, element) - LargestShift;
        image = image.roll([Shift(key), Shift(key + (1L << 20))], [2L, 3L]);
        if (_random.Uniform(step, key + (1L << 21)) < 0.5)
        {
            image = nn.functional.avg_pool2d(image, 3, stride: 1, padding: 1);
        }

        var color = image.narrow(1, 0, 3);
        var gains = new float[share.Items * 3];
        var noise = new float[image.numel()];
        _noise.FillNormal(gains, (step * 128) + (share.FirstItem / share.Items));
        _noise.FillNormal(noise, (step * 128) + 64 + (share.FirstItem / share.Items));
        color = color * (tensor(gains, [share.Items, 3, 1, 1]) * 0.25 + 1);
        image = cat([color, image.narrow(1, 3, 1)], 1) + (tensor(noise, image.shape) * 0.05);
        return image.MoveToOuterDisposeScope();
    }

    private (double Views, double Objects) HeldOutAccuracy(CategoryClassifier model)
    {
        var (rightViews, rightObjects, count) = (0, 0, 0);
        for (var i = TrainedObjects; i < data.Count; i++, count++)
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            var views = data.Take([.. Enumerable.Range(i * 6, 6).Select(view => (long)view)]);
            rightViews += (int)model.call(views).argmax(1).eq(data.Categories[i]).sum().item<long>();
            rightObjects += (long)model.Name(views) == data.Categories[i] ? 1 : 0;
        }

        return (rightViews / (6.0 * count), rightObjects / (double)count);
    }
}
