using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>The native shim's functions. Handles are owned <c>at::Tensor*</c> and <c>at::Generator*</c>.</summary>
internal static unsafe partial class Native
{
    private const string Library = "torchshim";

    /// <summary>What an argument or a result is; the numbers of shim.h.</summary>
    internal enum Kind
    {
        None = 0,
        Tensor = 1,
        Int = 2,
        Double = 3,
        Bool = 4,
        IntList = 5,
        TensorList = 6,
        OptionalTensorList = 7,
        DoubleList = 8,
        Device = 9,
        String = 10,
        Generator = 11,
    }

    /// <summary>One argument or result on its way through the boundary.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 16)]
    internal struct Value
    {
        [FieldOffset(0)] public Kind Kind;
        [FieldOffset(4)] public int Count;
        [FieldOffset(8)] public long Integer;
        [FieldOffset(8)] public double Real;
        [FieldOffset(8)] public nint Data;
    }

    [LibraryImport(Library, EntryPoint = "shim_error")]
    private static partial nint Error();

    [LibraryImport(Library, EntryPoint = "shim_find", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint Find(string name, string overload);

    [LibraryImport(Library, EntryPoint = "shim_call")]
    internal static partial int Call(nint op, Value* arguments, int count, Value* results, int capacity);

    [LibraryImport(Library, EntryPoint = "shim_free_list")]
    internal static partial void FreeList(nint first);

    [LibraryImport(Library, EntryPoint = "shim_tensor_delete")]
    internal static partial void TensorDelete(nint tensor);

    [LibraryImport(Library, EntryPoint = "shim_tensor_share")]
    internal static partial nint TensorShare(nint tensor);

    [LibraryImport(Library, EntryPoint = "shim_tensor_from")]
    internal static partial nint TensorFrom(void* bytes, long byteCount, long* shape, int dims, int type);

    [LibraryImport(Library, EntryPoint = "shim_tensor_info")]
    internal static partial int TensorInfo(nint tensor, out int type, out int deviceType, out int deviceIndex);

    [LibraryImport(Library, EntryPoint = "shim_tensor_sizes")]
    internal static partial void TensorSizes(nint tensor, long* sizes);

    [LibraryImport(Library, EntryPoint = "shim_tensor_strides")]
    internal static partial void TensorStrides(nint tensor, long* strides);

    [LibraryImport(Library, EntryPoint = "shim_tensor_is_contiguous")]
    internal static partial int TensorIsContiguous(nint tensor);

    [LibraryImport(Library, EntryPoint = "shim_tensor_data")]
    internal static partial nint TensorData(nint tensor);

    [LibraryImport(Library, EntryPoint = "shim_tensor_requires_grad")]
    internal static partial int TensorRequiresGrad(nint tensor);

    [LibraryImport(Library, EntryPoint = "shim_tensor_set_requires_grad")]
    internal static partial int TensorSetRequiresGrad(nint tensor, int value);

    [LibraryImport(Library, EntryPoint = "shim_tensor_is_leaf")]
    internal static partial int TensorIsLeaf(nint tensor);

    [LibraryImport(Library, EntryPoint = "shim_tensor_retain_grad")]
    internal static partial int TensorRetainGrad(nint tensor);

    [LibraryImport(Library, EntryPoint = "shim_tensor_grad")]
    internal static partial nint TensorGrad(nint tensor);

    [LibraryImport(Library, EntryPoint = "shim_tensor_set_grad")]
    internal static partial int TensorSetGrad(nint tensor, nint grad);

    [LibraryImport(Library, EntryPoint = "shim_tensor_set_data")]
    internal static partial int TensorSetData(nint tensor, nint source);

    [LibraryImport(Library, EntryPoint = "shim_generator_new")]
    internal static partial nint GeneratorNew(int deviceType, int deviceIndex, ulong seed);

    [LibraryImport(Library, EntryPoint = "shim_generator_default")]
    internal static partial nint GeneratorDefault(int deviceType, int deviceIndex);

    [LibraryImport(Library, EntryPoint = "shim_generator_delete")]
    internal static partial void GeneratorDelete(nint generator);

    [LibraryImport(Library, EntryPoint = "shim_generator_seed")]
    internal static partial void GeneratorSeed(nint generator, ulong seed);

    [LibraryImport(Library, EntryPoint = "shim_generator_initial_seed")]
    internal static partial ulong GeneratorInitialSeed(nint generator);

    [LibraryImport(Library, EntryPoint = "shim_generator_state")]
    internal static partial nint GeneratorState(nint generator);

    [LibraryImport(Library, EntryPoint = "shim_generator_set_state")]
    internal static partial int GeneratorSetState(nint generator, nint state);

    [LibraryImport(Library, EntryPoint = "shim_threads")]
    internal static partial int Threads();

    [LibraryImport(Library, EntryPoint = "shim_set_threads")]
    internal static partial int SetThreads(int count);

    [LibraryImport(Library, EntryPoint = "shim_cuda_device_count")]
    internal static partial int CudaDeviceCount();

    [LibraryImport(Library, EntryPoint = "shim_cuda_synchronize")]
    internal static partial int CudaSynchronize(int index);

    [LibraryImport(Library, EntryPoint = "shim_grad_enabled")]
    internal static partial int GradEnabled();

    [LibraryImport(Library, EntryPoint = "shim_set_grad_enabled")]
    internal static partial void SetGradEnabled(int value);

    [LibraryImport(Library, EntryPoint = "shim_inference_enabled")]
    internal static partial int InferenceEnabled();

    [LibraryImport(Library, EntryPoint = "shim_inference_enter")]
    internal static partial nint InferenceEnter(int value);

    [LibraryImport(Library, EntryPoint = "shim_inference_leave")]
    internal static partial void InferenceLeave(nint mode);

    [LibraryImport(Library, EntryPoint = "shim_backward")]
    internal static partial int Backward(nint* tensors, int count, nint* grads, int retainGraph, int createGraph, nint* inputs, int inputCount);

    [LibraryImport(Library, EntryPoint = "shim_grad")]
    internal static partial int Grad(nint* outputs, int outputCount, nint* inputs, int inputCount, nint* grads, int retainGraph, int createGraph, int allowUnused, nint* results);

    [LibraryImport(Library, EntryPoint = "shim_attach_node")]
    internal static partial int AttachNode(long key, nint backward, nint release, nint* inputs, int inputCount, nint* outputs, int outputCount);

    /// <summary>The exception that carries libtorch's own message.</summary>
    internal static ExternalException Failure() => new(Message());

    internal static string? Message() => Marshal.PtrToStringUTF8(Error());

    /// <summary>Throws what libtorch said when a call answered zero.</summary>
    internal static void Check(int answer)
    {
        if (answer == 0)
        {
            throw Failure();
        }
    }

    /// <inheritdoc cref="Check(int)"/>
    internal static nint Check(nint answer) => answer != 0 ? answer : throw Failure();
}
