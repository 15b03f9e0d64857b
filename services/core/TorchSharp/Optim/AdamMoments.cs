using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What Adam and AdamW share: a step along the running means of a gradient and of its square, and their way to a file.</summary>
internal static class AdamMoments
{
    /// <summary>A mean before the first step.</summary>
    public static Tensor Zeros(Parameter parameter) => zeros_like(parameter).DetachFromDisposeScope();

    /// <summary>Takes the gradient into the means and steps along them, corrected for their start at zero.</summary>
    public static void Step(
        Tensor parameter, Tensor grad, Tensor mean, Tensor square, long step, double rate, double beta1, double beta2, double eps)
    {
        mean.lerp_(grad, 1 - beta1);
        square.mul_(beta2);
        square.addcmul_(grad, grad, 1 - beta2);
        var correction = Math.Sqrt(1 - Math.Pow(beta2, step));
        var denominator = square.sqrt().div_(correction).add_(eps);
        parameter.addcdiv_(mean, denominator, -rate / (1 - Math.Pow(beta1, step)));
    }

    public static void Save(BinaryWriter writer, Tensor tensor)
    {
        using var host = tensor.detach().cpu().to(ScalarType.Float32).contiguous();
        writer.Write(host.bytes);
    }

    public static void Load(BinaryReader reader, Tensor tensor)
    {
        var values = new float[tensor.numel()];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        using var unrecorded = no_grad();
        using var read = torch.tensor(values, tensor.shape);
        tensor.copy_(read).Dispose();
    }
}
