using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance;

/// <summary>Cases whose references were computed in double from float32 inputs; so are ours.</summary>
internal static class DoubleCases
{
    /// <summary>Reads an input as doubles.</summary>
    public static Tensor Double(this GoldenCase golden, string name) => golden.Tensor(name).to(ScalarType.Float64);

    /// <summary>Reads an input as doubles whose gradient is wanted.</summary>
    public static Tensor Leaf(this GoldenCase golden, string name) => golden.Double(name).requires_grad_(true);

    /// <summary>Compares a result in double with the reference, which is stored as float32.</summary>
    public static void CompareDouble(this GoldenCase golden, string name, Tensor actual) =>
        golden.Compare(name, actual.to(ScalarType.Float32));

    /// <summary>Compares the gradient that has reached an input; 0 where none has.</summary>
    public static void CompareGradient(this GoldenCase golden, string name, Tensor leaf) =>
        golden.CompareDouble(name, leaf.grad ?? zeros_like(leaf));
}
