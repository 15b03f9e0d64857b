using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Shaping;

/// <summary>The views as tensors, for comparison with renders.</summary>
internal sealed class FitTargets : IDisposable
{
    // A pixel's colour counts only if the pixel lies wholly inside the mask: on its rim it may be mixed with background.
    private const double Opaque = 0.99;

    /// <param name="views">The views.</param>
    /// <param name="device">Where to fit; the CPU by default.</param>
    public FitTargets(ViewSet views, Device? device = null)
    {
        Size = views.Size;
        Cameras = [.. views.Cameras.Select(Camera.Of)];
        var pixels = Size * Size;
        Masks = [.. Enumerable.Range(0, Cameras.Count).Select(
            v => new MaskDistance(views.Rgba.AsSpan((4 * v + 3) * pixels, pixels), Size))];

        using var scope = NewDisposeScope();
        var rgba = tensor(views.Rgba, [Cameras.Count, 4, Size, Size], device: device);
        Alpha = scope.Detach(rgba.narrow(1, 3, 1).contiguous());
        Colour = scope.Detach(rgba.narrow(1, 0, 3).permute(0, 2, 3, 1).reshape(-1, 3));
        Opacity = scope.Detach(Alpha.gt(Opaque).to_type(ScalarType.Float32).reshape(-1, 1));
    }

    /// <summary>Where the tensors live, and the fit with them.</summary>
    public Device Device => Alpha.device;

    /// <summary>Rows and columns of a view.</summary>
    public int Size { get; }

    /// <summary>One per view, V.</summary>
    public IReadOnlyList<Camera> Cameras { get; }

    /// <summary>Distance to each view's outline.</summary>
    public IReadOnlyList<MaskDistance> Masks { get; }

    /// <summary>Coverage, [V, 1, H, W].</summary>
    public Tensor Alpha { get; }

    /// <summary>Linear RGB, [V * H * W, 3].</summary>
    public Tensor Colour { get; }

    /// <summary>1 where a pixel lies wholly inside its mask, else 0, [V * H * W, 1].</summary>
    public Tensor Opacity { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Alpha.Dispose();
        Colour.Dispose();
        Opacity.Dispose();
    }
}
