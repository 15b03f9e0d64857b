namespace TorchSharp;

public static partial class torch
{
    public static Tensor tensor(bool scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        From<bool>([scalar], [], ScalarType.Bool, dtype, device, requires_grad);

    public static Tensor tensor(bool[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From<bool>(rawArray, [rawArray.Length], ScalarType.Bool, dtype, device, requires_grad);

    public static Tensor tensor(bool[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From<bool>(rawArray, dimensions, ScalarType.Bool, dtype, device, requires_grad);

    public static Tensor tensor(byte scalar, Device? device = null, bool requires_grad = false) =>
        From<byte>([scalar], [], ScalarType.Byte, null, device, requires_grad);

    public static Tensor tensor(byte[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From<byte>(rawArray, [rawArray.Length], ScalarType.Byte, dtype, device, requires_grad);

    public static Tensor tensor(byte[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From<byte>(rawArray, dimensions, ScalarType.Byte, dtype, device, requires_grad);

    public static Tensor tensor(short scalar, Device? device = null, bool requires_grad = false) =>
        From<short>([scalar], [], ScalarType.Int16, null, device, requires_grad);

    public static Tensor tensor(short[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From<short>(rawArray, [rawArray.Length], ScalarType.Int16, dtype, device, requires_grad);

    public static Tensor tensor(short[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From<short>(rawArray, dimensions, ScalarType.Int16, dtype, device, requires_grad);

    public static Tensor tensor(int scalar, Device? device = null, bool requires_grad = false) =>
        From<int>([scalar], [], ScalarType.Int32, null, device, requires_grad);

    public static Tensor tensor(int[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From<int>(rawArray, [rawArray.Length], ScalarType.Int32, dtype, device, requires_grad);

    public static Tensor tensor(int[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From<int>(rawArray, dimensions, ScalarType.Int32, dtype, device, requires_grad);

    public static Tensor tensor(long scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        From<long>([scalar], [], ScalarType.Int64, dtype, device, requires_grad);

    public static Tensor tensor(long[] dataArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From<long>(dataArray, [dataArray.Length], ScalarType.Int64, dtype, device, requires_grad);

    public static Tensor tensor(long[] dataArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From<long>(dataArray, dimensions, ScalarType.Int64, dtype, device, requires_grad);

    public static Tensor tensor(float scalar, Device? device = null, bool requires_grad = false) =>
        From<float>([scalar], [], ScalarType.Float32, null, device, requires_grad);

    public static Tensor tensor(float[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From<float>(rawArray, [rawArray.Length], ScalarType.Float32, dtype, device, requires_grad);

    public static Tensor tensor(float[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From<float>(rawArray, dimensions, ScalarType.Float32, dtype, device, requires_grad);

    public static Tensor tensor(double scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        From<double>([scalar], [], ScalarType.Float64, dtype, device, requires_grad);

    public static Tensor tensor(double[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From<double>(rawArray, [rawArray.Length], ScalarType.Float64, dtype, device, requires_grad);

    public static Tensor tensor(double[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From<double>(rawArray, dimensions, ScalarType.Float64, dtype, device, requires_grad);

    public static Tensor tensor(Half[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From<Half>(rawArray, [rawArray.Length], ScalarType.Float16, dtype, device, requires_grad);

    public static Tensor tensor(Half[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From<Half>(rawArray, dimensions, ScalarType.Float16, dtype, device, requires_grad);

    public static Tensor tensor(float[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From(Flat(rawArray), [rawArray.GetLength(0), rawArray.GetLength(1)], ScalarType.Float32, dtype, device, requires_grad);

    public static Tensor tensor(double[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From(Flat(rawArray), [rawArray.GetLength(0), rawArray.GetLength(1)], ScalarType.Float64, dtype, device, requires_grad);

    public static Tensor tensor(long[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From(Flat(rawArray), [rawArray.GetLength(0), rawArray.GetLength(1)], ScalarType.Int64, dtype, device, requires_grad);

    public static Tensor tensor(int[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From(Flat(rawArray), [rawArray.GetLength(0), rawArray.GetLength(1)], ScalarType.Int32, dtype, device, requires_grad);

    private static ReadOnlySpan<T> Flat<T>(T[,] array) where T : unmanaged =>
        array.Length == 0 ? [] : System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpan(ref array[0, 0], array.Length);

    private static unsafe Tensor From<T>(ReadOnlySpan<T> data, ReadOnlySpan<long> dimensions, ScalarType type, ScalarType? dtype, Device? device, bool requires_grad)
        where T : unmanaged
    {
        nint handle;
        fixed (T* first = data)
        fixed (long* extents = dimensions)
        {
            handle = Native.Check(Native.TensorFrom(first, (long)data.Length * sizeof(T), extents, dimensions.Length, (int)type));
        }

        var made = new Tensor(handle);
        if ((dtype ?? type) != type || (device is not null && device.type != DeviceType.CPU))
        {
            made = made.to(dtype ?? type, device ?? CPU, disposeAfter: true);
        }

        return Leaf(made, requires_grad);
    }
}
