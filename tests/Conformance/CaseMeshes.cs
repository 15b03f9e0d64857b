using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance;

/// <summary>Takes meshes and clouds out of reference cases, and hands results back as tensors.</summary>
internal static class CaseMeshes
{
    /// <summary>in/vertices and in/faces, with a suffix such as "_a" where a case has several.</summary>
    public static TriangleMesh Mesh(GoldenCase golden, string suffix = "") =>
        new(Floats(golden, $"in/vertices{suffix}"), Integers(golden, $"in/faces{suffix}"));

    public static float[] Floats(GoldenCase golden, string name) =>
        Array.ConvertAll(AssertTensor.Values(golden.Tensor(name)), value => (float)value);

    public static int[] Integers(GoldenCase golden, string name) =>
        Array.ConvertAll(AssertTensor.Values(golden.Tensor(name)), value => (int)value);

    public static Tensor Scalar(double value) => tensor((float)value);

    /// <summary>[N] as int64.</summary>
    public static Tensor Longs(IEnumerable<int> values) => tensor(values.Select(value => (long)value).ToArray());

    /// <summary>[N, width] as int64.</summary>
    public static Tensor Longs(IEnumerable<int> values, int width) => Longs(values).reshape(-1, width);

    /// <summary>[N, width] as float32.</summary>
    public static Tensor Rows(float[] values, int width) => tensor(values, [values.Length / width, width]);
}
