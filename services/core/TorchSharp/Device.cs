namespace TorchSharp;

public static partial class torch
{
    public static Device device(string description) => new(description);

    public static Device device(string deviceType, int index = -1) => new(deviceType, index);

    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);

    public static Device device(int index) => new(index);

    public static int get_num_threads() => Native.Threads();

    public static void set_num_threads(int num) => Native.Check(Native.SetThreads(num));

    public static class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static int device_count() => Native.CudaDeviceCount();

        public static void synchronize(Device? device = null) => Native.Check(Native.CudaSynchronize(device?.index ?? -1));
    }

    public class Device
    {
        /// <summary>"cpu", "cuda", "cuda:1".</summary>
        public Device(string description)
        {
            var parts = description.Split(':');
            type = TypeOf(parts[0], description);
            index = parts.Length == 1 ? DefaultIndex(type, -1)
                : parts.Length == 2 && int.TryParse(parts[1], out var number) ? number
                : throw new ArgumentException($"'{description}' is not a device; write cpu, cuda or cuda:0.", nameof(description));
        }

        public Device(string deviceType, int index = -1)
        {
            type = TypeOf(deviceType, deviceType);
            this.index = DefaultIndex(type, index);
        }

        public Device(DeviceType deviceType, int index = -1) => (type, this.index) = (deviceType, DefaultIndex(deviceType, index));

        public Device(int index) => (type, this.index) = (DeviceType.CUDA, index);

        public DeviceType type { get; }

        public int index { get; }

        public static implicit operator Device(string description) => new(description);

        public override string ToString() => type == DeviceType.CPU || index < 0
            ? type.ToString().ToLowerInvariant()
            : $"{type.ToString().ToLowerInvariant()}:{index}";

        public override bool Equals(object? obj) => obj is Device other && other.type == type && other.index == index;

        public override int GetHashCode() => HashCode.Combine(type, index);

        private static int DefaultIndex(DeviceType type, int index) => type == DeviceType.CUDA && index < 0 ? 0 : index;

        private static DeviceType TypeOf(string name, string description) => name.ToLowerInvariant() switch
        {
            "cpu" => DeviceType.CPU,
            "cuda" => DeviceType.CUDA,
            "mps" => DeviceType.MPS,
            "meta" => DeviceType.META,
            _ => throw new ArgumentException($"'{description}' is not a device; write cpu, cuda or cuda:0.", nameof(description)),
        };
    }
}
