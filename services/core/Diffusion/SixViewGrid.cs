using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Six views of one object in one picture, three rows of two: view k lies in row k/2, column k%2.</summary>
/// <remarks>Source: Shi et al. 2023 (Zero123++), arXiv:2310.15110, section 2.2.</remarks>
public static class SixViewGrid
{
    /// <summary>Views in a grid.</summary>
    public const int Views = Rows * Columns;

    /// <summary>Rows of views.</summary>
    public const int Rows = 3;

    /// <summary>Columns of views.</summary>
    public const int Columns = 2;

    /// <summary>Puts views into grids.</summary>
    /// <param name="views">Six views of each object one after the other, [6 N, C, h, w].</param>
    /// <returns>[N, C, 3 h, 2 w]. The caller disposes it.</returns>
    public static Tensor Tile(Tensor views)
    {
        var (count, c, h, w) = (views.shape[0], views.shape[1], views.shape[2], views.shape[3]);
        if (count % Views != 0)
        {
            throw new ArgumentException($"{count} views do not make whole grids of {Views}.");
        }

        using var scope = NewDisposeScope();
        return views
            .reshape(count / Views, Rows, Columns, c, h, w)
            .permute(0, 3, 1, 4, 2, 5)
            .reshape(count / Views, c, Rows * h, Columns * w)
            .MoveToOuterDisposeScope();
    }

    /// <summary>Takes views out of grids.</summary>
    /// <param name="grids">[N, C, H, W]; H a multiple of 3, W of 2.</param>
    /// <returns>[6 N, C, H/3, W/2]. The caller disposes it.</returns>
    public static Tensor Untile(Tensor grids)
    {
        var (n, c, height, width) = (grids.shape[0], grids.shape[1], grids.shape[2], grids.shape[3]);
        if (height % Rows != 0 || width % Columns != 0)
        {
            throw new ArgumentException($"A grid of {height} x {width} does not split into {Rows} x {Columns} views.");
        }

        using var scope = NewDisposeScope();
        return grids
            .reshape(n, c, Rows, height / Rows, Columns, width / Columns)
            .permute(0, 2, 4, 1, 3, 5)
            .reshape(n * Views, c, height / Rows, width / Columns)
            .MoveToOuterDisposeScope();
    }
}
