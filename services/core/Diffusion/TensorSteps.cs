using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Steps that use their input up: large features are freed as soon as the next ones stand.</summary>
internal static class TensorSteps
{
    /// <summary>Applies a step and disposes its input.</summary>
    public static Tensor Then(this Tensor input, Func<Tensor, Tensor> step)
    {
        var output = step(input);
        input.Dispose();
        return output;
    }

    /// <summary>Adds to a tensor that is needed no more, in place where no gradient is recorded.</summary>
    /// <param name="input">Used up.</param>
    /// <param name="other">Of the same shape; left alone.</param>
    public static Tensor Plus(this Tensor input, Tensor other) =>
        input.Then(x => x.requires_grad || other.requires_grad ? x + other : x.add_(other));
}
