using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Linear light to what a screen shows, and back. Differentiable; nothing is clipped above 1.</summary>
public static class ToneMapping
{
    /// <summary>sRGB's curve (IEC 61966-2-1): 12.92 x up to 0.0031308, then 1.055 x^(1 / 2.4) - 0.055.</summary>
    /// <param name="linear">Linear light, any shape.</param>
    /// <returns>Encoded values of the same shape.</returns>
    public static Tensor LinearToSrgb(Tensor linear)
    {
        using var scope = NewDisposeScope();
        const double knee = 0.0031308;
        // Either branch sees only numbers where its gradient is finite.
        var curved = 1.055 * linear.clamp_min(knee).pow(1 / 2.4) - 0.055;
        return where(linear <= knee, 12.92 * linear, curved).MoveToOuterDisposeScope();
    }

    /// <summary>The inverse of <see cref="LinearToSrgb"/>: x / 12.92 up to 0.04045, then ((x + 0.055) / 1.055)^2.4.</summary>
    /// <param name="encoded">Encoded values, any shape.</param>
    /// <returns>Linear light of the same shape.</returns>
    public static Tensor SrgbToLinear(Tensor encoded)
    {
        using var scope = NewDisposeScope();
        const double knee = 0.04045;
        var curved = ((encoded.clamp_min(knee) + 0.055) / 1.055).pow(2.4);
        return where(encoded <= knee, encoded / 12.92, curved).MoveToOuterDisposeScope();
    }

    /// <summary>Reinhard et al. 2002: x / (1 + x), which takes any light below 1.</summary>
    /// <param name="linear">Linear light from 0, any shape.</param>
    /// <returns>[0, 1), the same shape.</returns>
    public static Tensor Reinhard(Tensor linear)
    {
        using var scope = NewDisposeScope();
        return (linear / (1 + linear)).MoveToOuterDisposeScope();
    }

    /// <summary>Colours as they are up to about 0.8, softly below 1 beyond, and white at last: Khronos' "PBR Neutral" tone mapper (2024).</summary>
    /// <remarks>
    /// With x the least channel, f = x - 6.25 x^2 below 0.08 and else 0.04 is taken off. Where the largest channel p is then above 0.76, it becomes
    /// <code>p' = 1 - 0.24^2 / (p + 0.24 - 0.76)</code> and the colour, scaled to it, is blended with white of p' by 1 - 1 / (0.15 (p - p') + 1).
    /// </remarks>
    /// <param name="linear">Linear RGB from 0, [..., 3].</param>
    /// <returns>[0, 1), the same shape.</returns>
    public static Tensor PbrNeutral(Tensor linear)
    {
        using var scope = NewDisposeScope();
        const double start = 0.8 - 0.04, rest = 1 - start;
        var least = linear.amin([-1], keepdim: true);
        var shifted = linear - where(least < 0.08, least - 6.25 * least.square(), full_like(least, 0.04));
        var peak = shifted.amax([-1], keepdim: true);
        var lowered = 1 - rest * rest / (peak.clamp_min(start) + (rest - start));
        var share = 1 - 1 / (0.15 * (peak - lowered).clamp_min(0) + 1);
        var scaled = shifted * (lowered / peak.clamp_min(start));
        return where(peak < start, shifted, scaled + (lowered - scaled) * share).MoveToOuterDisposeScope();
    }

    /// <summary>What an eye compares in pictures of any brightness: sRGB of log(1 + x), x clamped to [0, 65535].</summary>
    /// <param name="linear">Linear light, any shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor LogSrgb(Tensor linear)
    {
        using var scope = NewDisposeScope();
        return LinearToSrgb((linear.clamp(0, 65535) + 1).log()).MoveToOuterDisposeScope();
    }
}
