using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Differences between a rendered picture and the wanted one, means over all values.</summary>
/// <remarks>Munkberg et al. 2022 (arXiv:2111.12503) fits with them, often after <see cref="ToneMapping.LogSrgb"/> of both.</remarks>
public static class ImageLosses
{
    /// <summary>Mean absolute difference.</summary>
    /// <param name="image">Any shape.</param>
    /// <param name="target">The same shape.</param>
    public static Tensor L1(Tensor image, Tensor target) => Mean((image, target), difference => difference.abs());

    /// <summary>Mean squared difference.</summary>
    /// <param name="image">Any shape.</param>
    /// <param name="target">The same shape.</param>
    public static Tensor MeanSquared(Tensor image, Tensor target) => Mean((image, target), difference => difference.square());

    /// <summary>Symmetric mean absolute share: |a - b| / (|a| + |b| + 0.01).</summary>
    /// <param name="image">Any shape.</param>
    /// <param name="target">The same shape.</param>
    public static Tensor SymmetricAbsolutePercentage(Tensor image, Tensor target) =>
        Mean((image, target), difference => difference.abs() / (image.abs() + target.abs() + 0.01));

    /// <summary>Relative mean squared difference: (a - b)^2 / (a^2 + b^2 + 0.1).</summary>
    /// <param name="image">Any shape.</param>
    /// <param name="target">The same shape.</param>
    public static Tensor RelativeMeanSquared(Tensor image, Tensor target) =>
        Mean((image, target), difference => difference.square() / (image.square() + target.square() + 0.1));

    private static Tensor Mean((Tensor Image, Tensor Target) pair, Func<Tensor, Tensor> loss)
    {
        using var scope = NewDisposeScope();
        return loss(pair.Image - pair.Target).mean().MoveToOuterDisposeScope();
    }
}
