using TorchSharp;
using static TorchSharp.torch;

#pragma warning disable CS1591, CA1707 // named and described as torch's

namespace Realiz3D.Mesh.Testing;

/// <summary>libtorch's factories with the tests' device, by the same names and parameters.</summary>
/// <remarks>See <see cref="TestDevice"/>. Random numbers are drawn on the CPU, so that a seed gives the same inputs on every device.</remarks>
public static partial class OnDevice
{
    public static Tensor zeros(long[] size, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.zeros(size, dtype, TestDevice.Here, requires_grad);

    public static Tensor zeros(long size, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.zeros(size, dtype, TestDevice.Here, requires_grad);

    public static Tensor zeros(long rows, long columns, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.zeros(rows, columns, dtype, TestDevice.Here, requires_grad);

    public static Tensor zeros(long dim0, long dim1, long dim2, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.zeros(dim0, dim1, dim2, dtype, TestDevice.Here, requires_grad);

    public static Tensor zeros(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.zeros(dim0, dim1, dim2, dim3, dtype, TestDevice.Here, requires_grad);

    public static Tensor ones(long[] size, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.ones(size, dtype, TestDevice.Here, requires_grad);

    public static Tensor ones(long size, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.ones(size, dtype, TestDevice.Here, requires_grad);

    public static Tensor ones(long rows, long columns, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.ones(rows, columns, dtype, TestDevice.Here, requires_grad);

    public static Tensor ones(long dim0, long dim1, long dim2, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.ones(dim0, dim1, dim2, dtype, TestDevice.Here, requires_grad);

    public static Tensor ones(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.ones(dim0, dim1, dim2, dim3, dtype, TestDevice.Here, requires_grad);

    public static Tensor full(long[] size, Scalar value, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.full(size, value, dtype, TestDevice.Here, requires_grad);

    public static Tensor full(long size, Scalar value, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.full(size, value, dtype, TestDevice.Here, requires_grad);

    public static Tensor full(long rows, long columns, Scalar value, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.full(rows, columns, value, dtype, TestDevice.Here, requires_grad);

    public static Tensor full(long dim0, long dim1, long dim2, Scalar value, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.full(dim0, dim1, dim2, value, dtype, TestDevice.Here, requires_grad);

    public static Tensor full(long dim0, long dim1, long dim2, long dim3, Scalar value, ScalarType? dtype = null, bool requires_grad = false) =>
        torch.full(dim0, dim1, dim2, dim3, value, dtype, TestDevice.Here, requires_grad);

    public static Tensor rand(long[] size, ScalarType? dtype = null, Generator? generator = null) =>
        Sent(torch.rand(size, dtype, generator: generator));

    public static Tensor rand(long size, ScalarType? dtype = null, Generator? generator = null) =>
        Sent(torch.rand(size, dtype, generator: generator));

    public static Tensor rand(long rows, long columns, ScalarType? dtype = null, Generator? generator = null) =>
        Sent(torch.rand(rows, columns, dtype, generator: generator));

    public static Tensor rand(long dim0, long dim1, long dim2, ScalarType? dtype = null, Generator? generator = null) =>
        Sent(torch.rand(dim0, dim1, dim2, dtype, generator: generator));

    public static Tensor rand(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Generator? generator = null) =>
        Sent(torch.rand(dim0, dim1, dim2, dim3, dtype, generator: generator));

    public static Tensor randn(long[] size, ScalarType? dtype = null, Generator? generator = null) =>
        Sent(torch.randn(size, dtype, generator: generator));

    public static Tensor randn(long size, ScalarType? dtype = null, Generator? generator = null) =>
        Sent(torch.randn(size, dtype, generator: generator));

    public static Tensor randn(long rows, long columns, ScalarType? dtype = null, Generator? generator = null) =>
        Sent(torch.randn(rows, columns, dtype, generator: generator));

    public static Tensor randn(long dim0, long dim1, long dim2, ScalarType? dtype = null, Generator? generator = null) =>
        Sent(torch.randn(dim0, dim1, dim2, dtype, generator: generator));

    public static Tensor randn(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Generator? generator = null) =>
        Sent(torch.randn(dim0, dim1, dim2, dim3, dtype, generator: generator));

    private static Tensor Sent(Tensor drawn) => TestDevice.IsCpu ? drawn : drawn.to(TestDevice.Here, disposeAfter: true);
}
