using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>Scale and bias of split-sum lighting. Ours is the height-correlated form; the others are passed over.</summary>
internal static class SplitSumKind
{
    public static void Run(GoldenCase golden)
    {
        var cosines = AssertTensor.Values(golden.Tensor("in/n_dot_v"));
        var roughnesses = AssertTensor.Values(golden.Tensor("in/roughness"));
        var values = roughnesses
            .SelectMany(roughness => cosines.Select(cosine => SplitSum.Terms(cosine, roughness)))
            .SelectMany(terms => new[] { (float)terms.Scale, (float)terms.Bias })
            .ToArray();
        golden.Compare("out/fg_correlated", tensor(values, [roughnesses.Length, cosines.Length, 2], device: golden.Device));
        golden.PassOver("out/fg_uncorrelated", "out/fg_karis");
    }
}
