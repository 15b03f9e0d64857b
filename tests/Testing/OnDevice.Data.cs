using TorchSharp;
using static TorchSharp.torch;

#pragma warning disable CS1591, CA1707 // named and described as torch's

namespace Realiz3D.Mesh.Testing;

public static partial class OnDevice
{
    public static Tensor tensor(float[] rawArray, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.tensor(rawArray, dtype, TestDevice.Here, requires_grad);

    public static Tensor tensor(float[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.tensor(rawArray, dimensions, dtype, TestDevice.Here, requires_grad);

    public static Tensor tensor(double[] rawArray, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.tensor(rawArray, dtype, TestDevice.Here, requires_grad);

    public static Tensor tensor(double[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.tensor(rawArray, dimensions, dtype, TestDevice.Here, requires_grad);

    public static Tensor tensor(long[] dataArray, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.tensor(dataArray, dtype, TestDevice.Here, requires_grad);

    public static Tensor tensor(long[] dataArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.tensor(dataArray, dimensions, dtype, TestDevice.Here, requires_grad);

    public static Tensor tensor(bool[] rawArray, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.tensor(rawArray, dtype, TestDevice.Here, requires_grad);

    public static Tensor tensor(bool[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.tensor(rawArray, dimensions, dtype, TestDevice.Here, requires_grad);

    public static Tensor tensor(byte[] rawArray, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.tensor(rawArray, dtype, TestDevice.Here, requires_grad);

    public static Tensor tensor(byte[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.tensor(rawArray, dimensions, dtype, TestDevice.Here, requires_grad);

    public static Tensor tensor(int[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.tensor(rawArray, dimensions, dtype, TestDevice.Here, requires_grad);

    public static Tensor tensor(float scalar) => torch.tensor(scalar, device: TestDevice.Here);

    public static Tensor tensor(double scalar) => torch.tensor(scalar, device: TestDevice.Here);

    public static Tensor tensor(long scalar) => torch.tensor(scalar, device: TestDevice.Here);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null) => torch.arange(stop, dtype, TestDevice.Here);

    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null) =>
        torch.linspace(start, end, steps, dtype, TestDevice.Here);

    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null) => torch.eye(rows, columns, dtype, TestDevice.Here);
}
