using Realiz3D.Mesh.Rendering;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Shaping;

/// <summary>Masks and normals as tensors, for comparison with renders, and what the masks say about places in space.</summary>
internal sealed class MaskNormalTargets : IDisposable
{
    private readonly VisualHull _hull;

    /// <param name="views">The views.</param>
    /// <param name="device">Where to fit; the CPU by default.</param>
    public MaskNormalTargets(MaskNormalViews views, Device? device = null)
    {
        (Cameras, Size) = (views.Cameras, views.Size);
        var pixels = Size * Size;
        var masks = new MaskDistance[Cameras.Count];
        Parallel.For(0, masks.Length, v => masks[v] = new MaskDistance(views.Coverage.AsSpan(v * pixels, pixels), Size));
        _hull = new VisualHull(Cameras, masks, rounding: 0);

        using var scope = NewDisposeScope();
        Coverage = scope.Detach(tensor(views.Coverage, device: device).reshape(-1, 1));
        Normals = scope.Detach(tensor(views.Normals, [Cameras.Count, 3, pixels], device: device).transpose(1, 2).reshape(-1, 3));
    }

    /// <summary>Where the tensors live, and the fit with them.</summary>
    public Device Device => Coverage.device;

    /// <summary>One per view, V.</summary>
    public IReadOnlyList<Camera> Cameras { get; }

    /// <summary>Rows and columns of a view, S.</summary>
    public int Size { get; }

    /// <summary>Coverage, [V * S * S, 1].</summary>
    public Tensor Coverage { get; }

    /// <summary>Normals times coverage, [V * S * S, 3].</summary>
    public Tensor Normals { get; }

    /// <summary>How far outside places are at least: the most that any mask shows. Not above 0 where all masks allow the shape.</summary>
    /// <param name="positions">World positions, [P, 3].</param>
    /// <returns>Metres, [P].</returns>
    public float[] LeastDistances(float[] positions) => _hull.Values(positions);

    /// <inheritdoc/>
    public void Dispose()
    {
        Coverage.Dispose();
        Normals.Dispose();
    }
}
