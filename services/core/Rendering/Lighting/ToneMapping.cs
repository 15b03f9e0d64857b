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

    /// <summary>What an eye compares in pictures of any brightness: sRGB of log(1 + x), x clamped to [0, 65535].</summary>
    /// <param name="linear">Linear light, any shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor LogSrgb(Tensor linear)
    {
        using var scope = NewDisposeScope();
        return LinearToSrgb((linear.clamp(0, 65535) + 1).log()).MoveToOuterDisposeScope();
    }
}
