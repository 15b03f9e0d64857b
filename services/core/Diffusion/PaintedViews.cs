using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Views as the networks see them, and back.</summary>
/// <remarks>
/// A view is linear RGB with straight alpha. The networks see it sRGB-encoded and composited over mid gray, so that what
/// lies outside the object is constant, with alpha as a fourth channel; all four are mapped to [-1, 1], gray to 0.
/// sRGB: IEC 61966-2-1. Over: Porter and Duff 1984.
/// </remarks>
public static class PaintedViews
{
    private const double MidGray = 0.5;

    // Below this coverage a pixel's own colour is mostly rounding error, so it is divided by no less.
    private const double SmallestCoverage = 0.2;

    /// <summary>Views to what the networks see.</summary>
    /// <param name="rgba">Linear RGB in [0, 1] with straight alpha, [N, 4, H, W].</param>
    /// <returns>[N, 4, H, W] in [-1, 1]. The caller disposes it.</returns>
    public static Tensor ToNetwork(Tensor rgba)
    {
        using var scope = NewDisposeScope();
        var alpha = rgba.narrow(1, 3, 1).clamp(0, 1);                               // [N, 1, H, W]
        var color = (EncodeSrgb(rgba.narrow(1, 0, 3)) - MidGray) * alpha;           // [N, 3, H, W], gray at 0
        return cat([color * 2, alpha * 2 - 1], 1).MoveToOuterDisposeScope();
    }

    /// <summary>What a network painted to views: the gray behind the object is taken out again.</summary>
    /// <param name="painted">[N, 4, H, W], about [-1, 1].</param>
    /// <returns>Linear RGB in [0, 1] with straight alpha, [N, 4, H, W]. The caller disposes it.</returns>
    public static Tensor ToViews(Tensor painted)
    {
        using var scope = NewDisposeScope();
        var alpha = ((painted.narrow(1, 3, 1) + 1) * 0.5).clamp(0, 1);              // [N, 1, H, W]
        var color = painted.narrow(1, 0, 3) * 0.5 / alpha.clamp_min(SmallestCoverage) + MidGray;
        return cat([DecodeSrgb(color), alpha], 1).MoveToOuterDisposeScope();
    }

    /// <summary>Linear light to sRGB code values, both in [0, 1].</summary>
    /// <param name="linear">Any shape; clamped.</param>
    /// <returns>Same shape. The caller disposes it.</returns>
    public static Tensor EncodeSrgb(Tensor linear)
    {
        using var scope = NewDisposeScope();
        var x = linear.clamp(0, 1);
        var curve = x.clamp_min(0.0031308).pow(1 / 2.4) * 1.055 - 0.055;
        return where(x.le(0.0031308), x * 12.92, curve).MoveToOuterDisposeScope();
    }

    /// <summary>sRGB code values to linear light, both in [0, 1].</summary>
    /// <param name="encoded">Any shape; clamped.</param>
    /// <returns>Same shape. The caller disposes it.</returns>
    public static Tensor DecodeSrgb(Tensor encoded)
    {
        using var scope = NewDisposeScope();
        var x = encoded.clamp(0, 1);
        var curve = ((x + 0.055) / 1.055).pow(2.4);
        return where(x.le(0.04045), x / 12.92, curve).MoveToOuterDisposeScope();
    }
}
