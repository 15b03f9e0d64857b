using System.Diagnostics;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Scenes;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Training;

/// <summary>What data to render.</summary>
/// <param name="Folder">Receives the shards.</param>
/// <param name="Objects">Objects in all.</param>
/// <param name="Seed">Seed of the first object; the others follow.</param>
/// <param name="Workers">Threads.</param>
internal sealed record DataRecipe(string Folder, int Objects, ulong Seed, int Workers)
{
    /// <summary>Objects in a shard.</summary>
    public const int ShardSize = 128;
}

/// <summary>Renders the training data: six views of each object with several captions, shard by shard.</summary>
/// <remarks>Shards that exist are left alone, so a stopped run goes on where it was. The categories take turns.</remarks>
internal static class DataRendering
{
    private static readonly SceneCategory[] Categories = Enum.GetValues<SceneCategory>();

    /// <summary>Renders what is missing.</summary>
    /// <param name="recipe">What to render.</param>
    /// <param name="cancel">Stops after the current shards.</param>
    public static void Run(DataRecipe recipe, CancellationToken cancel)
    {
        Directory.CreateDirectory(recipe.Folder);
        var clock = Stopwatch.StartNew();
        var shards = (recipe.Objects + DataRecipe.ShardSize - 1) / DataRecipe.ShardSize;
        var missing = Enumerable.Range(0, shards).Where(shard => !File.Exists(PathOf(recipe, shard))).ToArray();
        var done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = recipe.Workers };
        Parallel.ForEach(missing, options, shard =>
        {
            if (cancel.IsCancellationRequested)
            {
                return;
            }

            set_num_threads(1);
            var first = shard * DataRecipe.ShardSize;
            var count = Math.Min(DataRecipe.ShardSize, recipe.Objects - first);
            Render(recipe.Seed + (ulong)first, first, count).Save(PathOf(recipe, shard));
            var finished = Interlocked.Increment(ref done);
            var perShard = clock.Elapsed / finished;
            Console.WriteLine(
                $"data: shard {shard}, {shards - missing.Length + finished} of {shards}, "
                + $"{DataRecipe.ShardSize * ObjectShard.ViewCount / perShard.TotalSeconds:F0} views/s, "
                + $"{(perShard * (missing.Length - finished)).TotalMinutes:F1} min left");
        });
    }

    /// <summary>Renders some objects.</summary>
    /// <param name="seed">Seed of the first.</param>
    /// <param name="index">Index of the first, which decides the category.</param>
    /// <param name="count">How many.</param>
    /// <returns>The shard.</returns>
    public static ObjectShard Render(ulong seed, int index, int count)
    {
        var views = new byte[count * ObjectShard.ObjectBytes];
        var seeds = new long[count];
        var categories = new long[count];
        var captions = new string[count][];
        for (var i = 0; i < count; i++)
        {
            using var scope = NewDisposeScope();
            var scene = SceneObject.FromSeed(seed + (ulong)i, Categories[(index + i) % Categories.Length]);
            using var render = SceneRenderer.Render(scene, CameraRig.Zero123PlusV12, ObjectShard.Size);
            var bytes = ((PaintedViews.ToNetwork(render.Rgba) + 1) * 127.5).round().to(uint8).contiguous();
            bytes.bytes.CopyTo(views.AsSpan(i * ObjectShard.ObjectBytes));
            seeds[i] = (long)scene.Seed;
            categories[i] = (long)scene.Attributes.Category!.Value;
            captions[i] = CaptionsOf(scene);
        }

        return new ObjectShard(views, seeds, categories, captions);
    }

    /// <summary>Captions that say as much as the drawn one, everything, or only the most visible attributes.</summary>
    private static string[] CaptionsOf(SceneObject scene)
    {
        var all = scene.Attributes;
        var spoken = Captions.Parse(scene.Caption).Attributes;
        var visible = all.Colour is null
            ? new SceneAttributes(all.Category, Material: all.Material)
            : new SceneAttributes(all.Category, all.Colour);
        var seed = scene.Seed * 16;
        return
        [
            scene.Caption,
            Captions.Compose(spoken, seed + 1),
            Captions.Compose(spoken, seed + 2),
            Captions.Compose(all, seed + 3),
            Captions.Compose(all, seed + 4),
            Captions.Compose(visible, seed + 5),
        ];
    }

    private static string PathOf(DataRecipe recipe, int shard) =>
        Path.Combine(recipe.Folder, $"shard-{shard:D4}.safetensors");
}
