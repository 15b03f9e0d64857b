using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Shaping;

/// <summary>A function of space as a sum of regular grids of doubling resolution, sampled trilinearly.</summary>
/// <remarks>
/// A step of an optimiser moves a coarse grid's whole cell at once, so that shapes move in few steps and gaps between
/// observations are filled smoothly; the fine grids add what the observations show.
/// </remarks>
internal sealed class MultiScaleVolume : IDisposable
{
    private readonly double _half;

    /// <param name="channels">Values per point, C.</param>
    /// <param name="resolutions">Samples along each side, coarse to fine.</param>
    /// <param name="half">Half the side of the cube that is covered.</param>
    /// <param name="device">Where the grids live; the CPU by default.</param>
    public MultiScaleVolume(int channels, IReadOnlyList<int> resolutions, double half, Device? device = null)
    {
        using var scope = NewDisposeScope();
        _half = half;
        Levels = [.. resolutions.Select(r => new Parameter(zeros([1, channels, r, r, r], device: device)))];
    }

    /// <summary>The grids, each [1, C, R, R, R], coarse to fine.</summary>
    public IReadOnlyList<Parameter> Levels { get; }

    /// <summary>Where the grids live.</summary>
    public Device Device => Levels[0].device;

    /// <summary>Values at points.</summary>
    /// <param name="positions">World positions, [P, 3].</param>
    /// <returns>[P, C].</returns>
    public Tensor At(Tensor positions)
    {
        using var scope = NewDisposeScope();
        var places = (positions / _half).reshape(1, -1, 1, 1, 3);
        Tensor? sum = null;
        foreach (var level in Levels)
        {
            var values = functional.grid_sample(
                level, places, GridSampleMode.Bilinear, GridSamplePaddingMode.Border, align_corners: true);
            sum = sum is null ? values : sum + values;          // [1, C, P, 1, 1]
        }

        return sum!.flatten(2).squeeze(0).transpose(0, 1).MoveToOuterDisposeScope();
    }

    /// <summary>Mean absolute difference between neighbours, summed over the grids, each difference times its resolution.</summary>
    public Tensor Variation()
    {
        using var scope = NewDisposeScope();
        var sum = zeros(1, device: Device);
        foreach (var level in Levels)
        {
            for (var axis = 2; axis < 5; axis++)
            {
                sum = sum + (level.diff(1, axis).square() + 1e-6).sqrt().mean();
            }
        }

        return sum.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var level in Levels)
        {
            level.Dispose();
        }
    }
}
