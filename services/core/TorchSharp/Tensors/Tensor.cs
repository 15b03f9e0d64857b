using System.Runtime.InteropServices;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor of libtorch: owns one <c>at::Tensor</c>.</summary>
    public partial class Tensor : IDisposable
    {
        private static long s_total;
        private static long s_peak;
        private readonly ThreadDisposeScopeStatistics _statistics = DisposeScopeManager.Statistics;
        private nint _handle;

        internal Tensor(nint handle)
        {
            _handle = handle;
            OwningScope = DisposeScopeManager.Current;
            OwningScope?.Attach(this);
            _statistics.TensorStatistics.Made(inScope: OwningScope is not null);
            var total = Interlocked.Increment(ref s_total);
            for (var peak = PeakCount; total > peak; peak = PeakCount)
            {
                Interlocked.CompareExchange(ref s_peak, total, peak);
            }
        }

        ~Tensor() => Dispose(false);

        /// <summary>Tensors of this process that are alive, whichever thread made them.</summary>
        public static long TotalCount => Interlocked.Read(ref s_total);

        /// <summary>The most that were alive at once.</summary>
        public static long PeakCount => Interlocked.Read(ref s_peak);

        public nint Handle => _handle != 0 ? _handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        public bool IsInvalid => _handle == 0;

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[ndim];
                fixed (long* first = sizes)
                {
                    Native.TensorSizes(Handle, first);
                }

                GC.KeepAlive(this);
                return sizes;
            }
        }

        public long ndim => Info().Axes;

        public ScalarType dtype => (ScalarType)Info().Type;

        public Device device
        {
            get
            {
                var (_, _, type, index) = Info();
                return new Device((DeviceType)type, index);
            }
        }

        public DeviceType device_type => device.type;

        public bool is_cuda => device_type == DeviceType.CUDA;

        public long NumberOfElements => numel();

        public long ElementSize => dtype.ElementSize();

        public bool is_leaf => Read(Native.TensorIsLeaf(Handle)) != 0;

        public bool requires_grad
        {
            get => Read(Native.TensorRequiresGrad(Handle)) != 0;
            set => Native.Check(Read(Native.TensorSetRequiresGrad(Handle, value ? 1 : 0)));
        }

        public Tensor? grad
        {
            get => Read(Native.TensorGrad(Handle)) is not 0 and var found ? new Tensor(found) : null;
            set
            {
                Native.Check(Read(Native.TensorSetGrad(Handle, value?.Handle ?? 0)));
                GC.KeepAlive(value);
            }
        }

        /// <summary>The elements of a contiguous CPU tensor as raw bytes, in place.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                RequireHostData();
                var length = checked((int)(numel() * ElementSize));
                return length == 0 ? [] : new Span<byte>((void*)DataPointer(), length); // no elements lie nowhere
            }

            set
            {
                if (value.Length != numel() * ElementSize)
                {
                    throw new ArgumentException("Mismatched data sizes in Tensor.set_bytes().");
                }

                value.CopyTo(bytes);
            }
        }

        internal DisposeScope? OwningScope { get; set; }

        public long dim() => ndim;

        public long numel()
        {
            long product = 1;
            foreach (var extent in shape)
            {
                product *= extent;
            }

            return product;
        }

        public long size(int dim) => shape[dim < 0 ? (int)ndim + dim : dim];

        public long[] size() => shape;

        public unsafe long[] stride()
        {
            var strides = new long[ndim];
            fixed (long* first = strides)
            {
                Native.TensorStrides(Handle, first);
            }

            GC.KeepAlive(this);
            return strides;
        }

        public long stride(int dim) => stride()[dim < 0 ? (int)ndim + dim : dim];

        public bool is_contiguous() => Read(Native.TensorIsContiguous(Handle)) != 0;

        /// <summary>Whether the elements lie in page-locked memory, from which a GPU copies by itself.</summary>
        public bool is_pinned() => Aten.CallValue("is_pinned", this).Integer != 0;

        /// <summary>A copy in page-locked memory; the tensor itself when it lies there.</summary>
        public Tensor pin_memory() => Aten.Call("pin_memory", this);

        /// <summary>The elements of a CPU tensor, read and written in place (or through a contiguous copy for reading when it is strided).</summary>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            if (Marshal.SizeOf<T>() != ElementSize && !(typeof(T) == typeof(bool) && dtype == ScalarType.Bool))
            {
                throw new ArgumentException($"{typeof(T).Name} is not the element type of a tensor of {dtype}.");
            }

            return new TensorAccessor<T>(this);
        }

        public unsafe T item<T>() where T : unmanaged
        {
            if (numel() != 1)
            {
                throw new ArgumentException($"item() wants a tensor with one element, this one has {numel()}.");
            }

            using var one = NewDetachedCpu();
            return data_of<T>(one);
        }

        public float ReadCpuSingle(long i) => data<float>()[i];

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public void retain_grad() => Native.Check(Read(Native.TensorRetainGrad(Handle)));

        public void backward() => autograd.backward(this);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);

        /// <summary>Takes the tensor out of the innermost scope into the one around it.</summary>
        public Tensor MoveToOuterDisposeScope()
        {
            OwningScope?.MoveToOuter(this);
            return this;
        }

        /// <summary>Takes the tensor out of every scope: the caller disposes it.</summary>
        public Tensor DetachFromDisposeScope()
        {
            OwningScope?.Detach(this);
            return this;
        }

        public override string ToString() => IsInvalid ? "[disposed]" : $"[{string.Join('x', shape)}], type = {dtype}, device = {device}";

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle == 0)
            {
                return;
            }

            Native.TensorDelete(handle);
            _statistics.TensorStatistics.Ended();
            Interlocked.Decrement(ref s_total);
            if (disposing)
            {
                OwningScope?.MarkAsDisposed(this);
                OwningScope = null;
            }
        }

        internal void RequireHostData()
        {
            if (device_type != DeviceType.CPU)
            {
                throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
            }

            if (!is_contiguous())
            {
                throw new InvalidOperationException("Reading the raw data of a strided tensor is not supported. Call contiguous() first.");
            }
        }

        /// <summary>A second owner of the same native tensor, for libtorch or another wrapper to keep.</summary>
        internal nint Share()
        {
            var shared = Native.TensorShare(Handle);
            GC.KeepAlive(this);
            return shared;
        }

        internal nint DataPointer() => Native.Check(Read(Native.TensorData(Handle)));

        // The collector must not end a tensor while libtorch still reads it.
        private T Read<T>(T answer)
        {
            GC.KeepAlive(this);
            return answer;
        }

        private (int Axes, int Type, int DeviceType, int DeviceIndex) Info()
        {
            var axes = Native.TensorInfo(Handle, out var type, out var deviceType, out var deviceIndex);
            return Read((axes, type, deviceType, deviceIndex));
        }

        // Scalars are read once and at once: neither the graph nor a scope has to know of the copy.
        private Tensor NewDetachedCpu()
        {
            using var scope = NewDisposeScope();
            var detached = detach();
            return scope.Detach(device_type == DeviceType.CPU ? detached : Aten.Call("to.device", detached, CPU, dtype));
        }

        private static unsafe T data_of<T>(Tensor one) where T : unmanaged
        {
            if (one.ElementSize != sizeof(T))
            {
                throw new ArgumentException($"{typeof(T).Name} is not the element type of a tensor of {one.dtype}.");
            }

            return *(T*)one.DataPointer();
        }
    }
}
