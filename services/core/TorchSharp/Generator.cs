namespace TorchSharp;

public static partial class torch
{
    /// <summary>Seeds the CPU's own generator and, where there is one, that of every CUDA device.</summary>
    public static Generator manual_seed(long seed)
    {
        for (var i = 0; i < cuda.device_count(); i++)
        {
            using var onDevice = new Generator(Native.Check(Native.GeneratorDefault((int)DeviceType.CUDA, i)), new Device(i));
            onDevice.manual_seed(seed);
        }

        return Generator.Default.manual_seed(seed);
    }

    public class Generator : IDisposable
    {
        public Generator(ulong seed = 0, Device? device = null)
        {
            this.device = device ?? CPU;
            Handle = Native.Check(Native.GeneratorNew((int)this.device.type, this.device.index, seed));
        }

        internal Generator(nint handle, Device device) => (Handle, this.device) = (handle, device);

        ~Generator() => Dispose(false);

        public static Generator Default { get; } = new(Native.Check(Native.GeneratorDefault((int)DeviceType.CPU, -1)), CPU);

        public nint Handle { get; private set; }

        public Device device { get; }

        public Generator manual_seed(long seed)
        {
            Native.GeneratorSeed(Handle, (ulong)seed);
            return this;
        }

        public long initial_seed() => (long)Native.GeneratorInitialSeed(Handle);

        /// <summary>The state, a byte tensor that <see cref="set_state"/> takes back.</summary>
        public Tensor get_state() => new(Native.Check(Native.GeneratorState(Handle)));

        public void set_state(Tensor value) => Native.Check(Native.GeneratorSetState(Handle, value.Handle));

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (Handle != 0)
            {
                Native.GeneratorDelete(Handle);
                Handle = 0;
            }
        }
    }
}
