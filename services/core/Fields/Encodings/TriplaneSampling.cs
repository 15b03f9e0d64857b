using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Fields;

/// <summary>Which two coordinates each of three planes spans; the first runs along the columns.</summary>
public enum TriplaneAxes
{
    /// <summary>(x, y), (x, z), (y, z): as described for RenderDiffusion and Viewset Diffusion.</summary>
    XyXzYz,

    /// <summary>(x, y), (x, z), (z, x), as EG3D was published: no plane spans y and z.</summary>
    XyXzZx,

    /// <summary>(x, y), (x, z), (z, y): InstantMesh.</summary>
    XyXzZy,
}

/// <summary>How planes are read.</summary>
/// <param name="Axes">Coordinates of the planes; part of a checkpoint.</param>
/// <param name="BoxSize">Side of the cube that the planes cover.</param>
/// <param name="AlignCorners">Whether the cube's faces pass through the outer texels' centres rather than their outer edges.</param>
/// <param name="Border">Whether the outer texels go on for ever; otherwise there is 0 outside.</param>
public sealed record TriplaneOptions(
    TriplaneAxes Axes, double BoxSize = 2, bool AlignCorners = false, bool Border = false);

/// <summary>Features of points from three planes of features.</summary>
/// <remarks>
/// Bilinear. The three are summed or averaged, which is the decoder's choice: EG3D averages. Source: Chan et al. 2022 (EG3D),
/// arXiv:2112.07945, section 4.1; Anciukevicius et al. 2023 (RenderDiffusion), arXiv:2211.09869, section 3.
/// </remarks>
public static class TriplaneSampling
{
    /// <summary>Where points lie on each plane.</summary>
    /// <param name="positions">[B, M, 3].</param>
    /// <param name="options">How planes are read.</param>
    /// <returns>Column and row in [-1, 1] inside the cube, [B, 3, M, 2]. The caller disposes it.</returns>
    public static Tensor Project(Tensor positions, TriplaneOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var scope = NewDisposeScope();
        long[] axes = options.Axes switch
        {
            TriplaneAxes.XyXzYz => [0, 1, 0, 2, 1, 2],
            TriplaneAxes.XyXzZx => [0, 1, 0, 2, 2, 0],
            _ => [0, 1, 0, 2, 2, 1],
        };
        var pairs = (positions * (2 / options.BoxSize)).index_select(-1, tensor(axes, device: positions.device));
        return pairs.reshape(positions.shape[0], positions.shape[1], 3, 2).transpose(1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>Reads each plane.</summary>
    /// <param name="planes">[B, 3, C, H, W].</param>
    /// <param name="positions">[B, M, 3].</param>
    /// <param name="options">How planes are read.</param>
    /// <returns>[B, 3, M, C]. The caller disposes it.</returns>
    public static Tensor Sample(Tensor planes, Tensor positions, TriplaneOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var scope = NewDisposeScope();
        var places = Project(positions, options).flatten(0, 1).unsqueeze(1);                // [3B, 1, M, 2]
        var read = functional.grid_sample(
            planes.flatten(0, 1),
            places,
            GridSampleMode.Bilinear,
            options.Border ? GridSamplePaddingMode.Border : GridSamplePaddingMode.Zeros,
            options.AlignCorners);                                                          // [3B, C, 1, M]
        return read.squeeze(2).transpose(1, 2).unflatten(0, -1, 3).MoveToOuterDisposeScope();
    }
}
