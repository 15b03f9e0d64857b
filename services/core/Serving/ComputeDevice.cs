using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Serving;

/// <summary>Chooses where a service computes.</summary>
public static class ComputeDevice
{
    /// <summary>Environment variable: <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:n</c>.</summary>
    public const string Variable = "REALIZ3D_DEVICE";

    /// <summary>Reads <see cref="Variable"/>; unset means auto.</summary>
    /// <returns>The device.</returns>
    /// <exception cref="InvalidOperationException">The value is unknown, or asks for a device that is not there.</exception>
    public static Device FromEnvironment() => Choose(Environment.GetEnvironmentVariable(Variable), cuda.device_count());

    /// <summary>Chooses a device.</summary>
    /// <param name="wish">auto, cpu, cuda or cuda:n; null or empty means auto.</param>
    /// <param name="cudaDevices">CUDA devices that are there.</param>
    /// <returns>The device.</returns>
    /// <exception cref="InvalidOperationException">The value is unknown, or asks for a device that is not there.</exception>
    public static Device Choose(string? wish, int cudaDevices)
    {
        switch (wish?.Trim().ToLowerInvariant())
        {
            case null or "" or "auto":
                return cudaDevices > 0 ? new Device(DeviceType.CUDA, 0) : CPU;
            case "cpu":
                return CPU;
            case "cuda":
                return Cuda(0, cudaDevices);
            case var named when named.StartsWith("cuda:", StringComparison.Ordinal)
                && int.TryParse(named[5..], NumberStyles.None, CultureInfo.InvariantCulture, out var index):
                return Cuda(index, cudaDevices);
            default:
                throw new InvalidOperationException($"{Variable} is \"{wish}\"; say auto, cpu, cuda or cuda:n.");
        }
    }

    private static Device Cuda(int index, int devices) => index < devices
        ? new Device(DeviceType.CUDA, index)
        : throw new InvalidOperationException(
            $"{Variable} asks for cuda:{index}, but libtorch sees {devices} CUDA devices; say cpu or auto.");
}
