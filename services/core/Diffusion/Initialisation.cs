using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Starting values of weights, all from one generator, so that a seed gives a network.</summary>
internal static class Initialisation
{
    /// <summary>Convolutions and linear layers uniform in +-1/sqrt(fan in), biases too; norms 1 and 0.</summary>
    /// <remarks>What PyTorch's layers do by themselves, but from a generator. Fan in: LeCun et al. 1998, section 4.6.</remarks>
    public static void FanIn(Module module, Generator generator)
    {
        foreach (var layer in module.modules())
        {
            switch (layer)
            {
                case Linear linear:
                    FanIn(linear.weight, linear.bias, generator);
                    break;
                case Conv2d conv:
                    FanIn(conv.weight, conv.bias, generator);
                    break;
                case LoraLayer lora:
                    FanIn(lora.Weight, lora.Bias, generator);
                    break;
                case GroupNorm { weight: not null } norm:
                    init.ones_(norm.weight!);
                    init.zeros_(norm.bias!);
                    break;
                case LayerNorm { weight: not null } norm:
                    init.ones_(norm.weight!);
                    init.zeros_(norm.bias!);
                    break;
            }
        }
    }

    /// <summary>Weights uniform in +-sqrt(6 / (fan in + fan out)), bias 0.</summary>
    /// <remarks>Source: Glorot and Bengio 2010, equation 16. A convolution counts as a linear layer on its window.</remarks>
    public static void Glorot(Tensor weight, Tensor? bias, Generator generator)
    {
        var fanOut = weight.shape[0];
        var bound = Math.Sqrt(6.0 / (fanOut + (weight.NumberOfElements / fanOut)));
        init.uniform_(weight, -bound, bound, generator);
        ZeroBias(bias);
    }

    /// <summary>Weights normal with mean 0, bias 0.</summary>
    public static void Normal(Linear layer, double deviation, Generator generator)
    {
        init.normal_(layer.weight, 0, deviation, generator);
        ZeroBias(layer.bias);
    }

    /// <summary>Weights and bias 0: the layer starts silent.</summary>
    public static void Zero(Linear layer)
    {
        init.zeros_(layer.weight);
        ZeroBias(layer.bias);
    }

    private static void ZeroBias(Tensor? bias)
    {
        if (bias is not null)
        {
            init.zeros_(bias);
        }
    }

    private static void FanIn(Tensor weight, Tensor? bias, Generator generator)
    {
        var bound = 1 / Math.Sqrt(weight.NumberOfElements / weight.shape[0]);
        init.uniform_(weight, -bound, bound, generator);
        if (bias is not null)
        {
            init.uniform_(bias, -bound, bound, generator);
        }
    }
}
