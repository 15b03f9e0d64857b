using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Colours of latents without an autoencoder: a linear map from a cell's channels to the mean colour of its pixels.</summary>
/// <remarks>For pictures on their way; an idea of users of Stable Diffusion, fitted by least squares.</remarks>
public sealed class LatentColours
{
    private const int Colours = 3;

    /// <param name="map">For each of three colours the weight of each channel, then a constant.</param>
    /// <exception cref="ArgumentException">The map has another form, or numbers that are not finite.</exception>
    public LatentColours(IReadOnlyList<IReadOnlyList<double>> map)
    {
        Map = map.Count == Colours && map.All(row => row.Count == map[0].Count && row.Count > 1 && row.All(double.IsFinite))
            ? map
            : throw new ArgumentException("The map needs three rows of finite numbers, a weight for each channel and a constant.", nameof(map));
    }

    /// <summary>For each of three colours the weight of each channel, then a constant.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Map { get; }

    /// <summary>Channels of the latents.</summary>
    public int Channels => Map[0].Count - 1;

    /// <summary>The map that misses decoded pictures by the least squares.</summary>
    /// <param name="latents">Clean latents, [N, C, h, w].</param>
    /// <param name="pictures">What they decode to, [N, 3, h f, w f].</param>
    /// <returns>The map.</returns>
    public static LatentColours Fit(Tensor latents, Tensor pictures)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var factor = pictures.shape[2] / latents.shape[2];
        var cells = nn.functional.avg_pool2d(pictures, factor);                                     // [N, 3, h, w]
        var (x, y) = (Columns(latents), Columns(cells));                                            // [N h w, C], [N h w, 3]
        x = cat([x, ones_like(x.narrow(1, 0, 1))], 1);
        var (gram, right) = (Rows(x.transpose(0, 1).matmul(x)), Rows(x.transpose(0, 1).matmul(y)));
        return new LatentColours([.. Enumerable.Range(0, Colours).Select(colour =>
            LinearSystem.Solve([.. gram.Select((row, i) => (double[])[.. row, right[i][colour]])]))]);
    }

    /// <summary>The colours of latents.</summary>
    /// <param name="latents">[N, C, h, w].</param>
    /// <returns>As the fitted pictures were, [N, 3, h, w]. The caller disposes them.</returns>
    public Tensor Apply(Tensor latents)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var weights = tensor(Map.SelectMany(row => row.SkipLast(1)).Select(w => (float)w).ToArray(), [Colours, Channels, 1, 1]);
        var constants = tensor(Map.Select(row => (float)row[^1]).ToArray());
        return nn.functional.conv2d(latents, weights.to(latents.device), constants.to(latents.device)).MoveToOuterDisposeScope();
    }

    private static Tensor Columns(Tensor values) =>
        values.to(ScalarType.Float64).permute(0, 2, 3, 1).reshape(-1, values.shape[1]);

    private static double[][] Rows(Tensor matrix)
    {
        using var host = matrix.cpu().contiguous();
        var width = (int)matrix.shape[1];
        return [.. host.data<double>().ToArray().Chunk(width)];
    }
}
