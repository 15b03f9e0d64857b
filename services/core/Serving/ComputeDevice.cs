using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Serving;

/// <summary>Chooses where a service computes.</summary>
public static class ComputeDevice
{
    /// <summary>Environment variable: <c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>cuda:n</c> or <c>simulated:50ms</c>.</summary>
    public const string Variable = "REALIZ3D_DEVICE";

    private const string Simulated = "simulated:";

    /// <summary>Reads <see cref="Variable"/>; unset means auto.</summary>
    /// <returns>The device.</returns>
    /// <exception cref="InvalidOperationException">The value is unknown, or asks for a device that is not there.</exception>
    public static Device FromEnvironment() => Choose(Environment.GetEnvironmentVariable(Variable), cuda.device_count());

    /// <summary>Chooses a device.</summary>
    /// <param name="wish">
    /// auto, cpu, cuda, cuda:n, or simulated with the time of a step: the CPU, where each step waits until it has taken so long. Null
    /// or empty means auto.
    /// </param>
    /// <param name="cudaDevices">CUDA devices that are there.</param>
    /// <param name="setting">Where the wish stands, for messages.</param>
    /// <returns>The device.</returns>
    /// <exception cref="InvalidOperationException">The value is unknown, or asks for a device that is not there.</exception>
    public static Device Choose(string? wish, int cudaDevices, string setting = Variable)
    {
        switch (wish?.Trim().ToLowerInvariant())
        {
            case null or "" or "auto":
                return cudaDevices > 0 ? new Device(DeviceType.CUDA, 0) : CPU;
            case "cpu":
                return CPU;
            case "cuda":
                return Cuda(0, cudaDevices, setting);
            case var named when named.StartsWith("cuda:", StringComparison.Ordinal)
                && int.TryParse(named[5..], NumberStyles.None, CultureInfo.InvariantCulture, out var index):
                return Cuda(index, cudaDevices, setting);
            case not null when SimulatedStep(wish) > TimeSpan.Zero:
                return CPU;
            default:
                throw new InvalidOperationException($"{setting} is \"{wish}\"; say auto, cpu, cuda, cuda:n or simulated:50ms.");
        }
    }

    /// <summary>How long a step lasts at least on a simulated device: pods that share a machine scale as if each had a device.</summary>
    /// <param name="wish">simulated:50ms, 1 ms to a minute.</param>
    /// <returns>The time; zero for what is no simulated device.</returns>
    public static TimeSpan SimulatedStep(string? wish)
    {
        var text = wish?.Trim().ToLowerInvariant() ?? "";
        return text.StartsWith(Simulated, StringComparison.Ordinal) && text.EndsWith("ms", StringComparison.Ordinal)
            && int.TryParse(text[Simulated.Length..^2], NumberStyles.None, CultureInfo.InvariantCulture, out var step)
            && step is >= 1 and <= 60_000
                ? TimeSpan.FromMilliseconds(step)
                : TimeSpan.Zero;
    }

    private static Device Cuda(int index, int devices, string setting) => index < devices
        ? new Device(DeviceType.CUDA, index)
        : throw new InvalidOperationException(
            $"{setting} asks for cuda:{index}, but libtorch sees {devices} CUDA devices; say cpu or auto.");
}
