using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>sRGB's curve both ways with gradients, Reinhard's, and image losses with and without tone mapping.</summary>
internal static class ToneMapKind
{
    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> s_losses = new()
    {
        ["mse"] = ImageLosses.MeanSquared,
        ["l1"] = ImageLosses.L1,
        ["smape"] = ImageLosses.SymmetricAbsolutePercentage,
        ["relmse"] = ImageLosses.RelativeMeanSquared,
    };

    public static void Run(GoldenCase golden)
    {
        if (golden.TensorOrNull("in/x") is { } x)
        {
            Curve(golden, x, "linear_to_srgb", ToneMapping.LinearToSrgb, 0.0031308f);
            Curve(golden, x, "srgb_to_linear", ToneMapping.SrgbToLinear, 0.04045f);
            golden.Compare("out/reinhard", ToneMapping.Reinhard(x));
        }

        if (golden.TensorOrNull("in/img") is { } image)
        {
            var target = golden.Tensor("in/target");
            foreach (var (name, loss) in s_losses)
            {
                golden.Compare($"out/loss_{name}_none", loss(image, target));
                golden.Compare($"out/loss_{name}_log_srgb", loss(ToneMapping.LogSrgb(image), ToneMapping.LogSrgb(target)));
            }
        }
    }

    private static void Curve(GoldenCase golden, Tensor x, string name, Func<Tensor, Tensor> curve, float knee)
    {
        var variable = x.clone().requires_grad_();
        var value = curve(variable);
        golden.Compare($"out/{name}", value.detach());
        value.sum().backward();

        // At the knee itself the gradient is that of either side.
        golden.CompareWhere($"out/grad_{name}", variable.grad!, x != knee);
    }
}
