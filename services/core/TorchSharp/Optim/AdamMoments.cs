using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What Adam and AdamW share: a step along the running means of a gradient and of its square.</summary>
internal static class AdamMoments
{
    /// <summary>
    /// Takes the gradient into the means and steps along them, corrected for their start at zero. With the largest mean
    /// square so far, that one divides (AMSGrad), so that no step grows because an old gradient is forgotten.
    /// </summary>
    public static void Step(
        Tensor parameter, Tensor grad, (Tensor Mean, Tensor Square, Tensor? Largest) moments, long step, double rate, (double First, double Second) betas, double eps)
    {
        var square = moments.Square;
        moments.Mean.lerp_(grad, 1 - betas.First);
        square.mul_(betas.Second);
        square.addcmul_(grad, grad, 1 - betas.Second);
        if (moments.Largest is { } largest)
        {
            largest.copy_(largest.maximum(square));
            square = largest;
        }

        var correction = Math.Sqrt(1 - Math.Pow(betas.Second, step));
        var denominator = square.sqrt().div_(correction).add_(eps);
        parameter.addcdiv_(moments.Mean, denominator, -rate / (1 - Math.Pow(betas.First, step)));
    }
}
