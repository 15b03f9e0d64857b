using System.Security.Cryptography;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Training;

/// <summary>The training data as grids of latents: encoded once, kept in the run's folder for the next start.</summary>
internal static class LatentGrids
{
    private const string Name = "grids";

    /// <summary>Reads the grids, or encodes them where there are none of this autoencoder and this many objects.</summary>
    /// <param name="autoencoder">The autoencoder.</param>
    /// <param name="folder">Its folder, whose weights the kept grids must come from.</param>
    /// <param name="data">The data.</param>
    /// <param name="recipe">Folder and workers.</param>
    /// <returns>Latents, scaled as they are diffused, six views tiled, [N, C, 3h, 2w]. The caller disposes them.</returns>
    public static Tensor Of(AutoencoderKL autoencoder, string folder, ObjectSet data, Recipe recipe)
    {
        var path = Path.Combine(recipe.Folder, "latents.safetensors");
        var weights = Directory.GetFiles(folder, "*.safetensors").Single();
        var key = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(weights)));
        if (File.Exists(path))
        {
            using var file = SafeTensorsFile.Open(path);
            var shape = file.Entry(Name).Shape;
            if (file.Metadata.GetValueOrDefault("vae") == key && shape[0] == data.Count)
            {
                return tensor(file.ReadFloats(Name), [.. shape]);
            }
        }

        var grids = Encode(autoencoder, data, recipe.Workers);
        Directory.CreateDirectory(recipe.Folder);
        SafeTensorsWriter.Save(
            path,
            new Dictionary<string, TensorData> { [Name] = TensorData.From(grids.data<float>().ToArray(), grids.shape) },
            new Dictionary<string, string> { ["vae"] = key });
        return grids;
    }

    private static Tensor Encode(AutoencoderKL autoencoder, ObjectSet data, int workers)
    {
        using var scope = NewDisposeScope();
        var views = Enumerable.Range(0, data.Count * ObjectShard.ViewCount).Select(view => (long)view).ToArray();
        var shares = views.Chunk((views.Length + workers - 1) / workers).ToArray();
        var parts = new Tensor[shares.Length];
        Parallel.For(0, shares.Length, i =>
        {
            set_num_threads(1);
            parts[i] = LatentScale.Encode(autoencoder, data, shares[i]).DetachFromDisposeScope();
        });
        foreach (var part in parts)
        {
            scope.Attach(part);
        }

        var latents = cat(parts, 0) * autoencoder.Config.ScalingFactor;                 // [6 N, C, h, w]
        return SixViewGrid.Tile(latents).contiguous().MoveToOuterDisposeScope();        // [N, C, 3h, 2w]
    }
}
