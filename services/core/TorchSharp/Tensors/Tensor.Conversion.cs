namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Released(Aten.Call("to.dtype", this, type, non_blocking, copy), disposeAfter);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Released(Moved(device, dtype, non_blocking, copy), disposeAfter);

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Released(Moved(device, type, non_blocking, copy), disposeAfter);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(Tensor other, bool non_blocking = false) => Moved(other.device, other.dtype, non_blocking, copy: false);

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(type, copy, disposeAfter, non_blocking);

        public Tensor type(ScalarType dtype) => to(dtype);

        public Tensor type_as(Tensor tensor) => to(tensor.dtype);

        public Tensor cpu() => to(CPU);

        public Tensor cuda(Device? device = null, bool non_blocking = false) => to(device ?? CUDA, non_blocking: non_blocking);

        public Tensor @float() => to(ScalarType.Float32);

        public Tensor @double() => to(ScalarType.Float64);

        public Tensor half() => to(ScalarType.Float16);

        public Tensor @int() => to(ScalarType.Int32);

        public Tensor @long() => to(ScalarType.Int64);

        public Tensor @bool() => to(ScalarType.Bool);

        public Tensor @byte() => to(ScalarType.Byte);

        // A GPU reads and writes page-locked memory by itself; any other the driver would copy piece by piece. What a graph has
        // to see goes straight: page-locking has no gradient.
        private Tensor Moved(Device device, ScalarType type, bool non_blocking, bool copy)
        {
            using var up = device.type == DeviceType.CUDA ? Uploadable() : null;
            using var down = device.type == DeviceType.CPU ? Downloaded() : null;
            return Aten.Call("to.device", up ?? down ?? this, device, type, non_blocking, copy || down is not null);
        }

        /// <summary>A copy in page-locked memory for a GPU to read; null where there is no need of one.</summary>
        private Tensor? Uploadable() => device_type == DeviceType.CPU && !requires_grad && !is_pinned() ? pin_memory() : null;

        /// <summary>A GPU's tensor, written by it into page-locked memory; null where there is no need of that.</summary>
        private Tensor? Downloaded()
        {
            if (device_type != DeviceType.CUDA || requires_grad)
            {
                return null;
            }

            var pinned = Aten.Call("empty_like", this, dtype, Arg.None, CPU, true);
            Aten.Call("copy_", pinned, this, false).Dispose();
            return pinned;
        }

        private Tensor Released(Tensor result, bool disposeAfter)
        {
            if (disposeAfter)
            {
                Dispose();
            }

            return result;
        }
    }
}
