using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Testing;

/// <summary>Where the tests compute: <c>./mesh test --device cuda</c> sets it, the CPU otherwise.</summary>
/// <remarks>
/// A test file that computes with tensors has <c>using static Realiz3D.Mesh.Testing.OnDevice;</c> below its namespace, where the
/// name <c>zeros</c> finds our factory before libtorch's, and moves its modules by <c>.to(TestDevice.Here)</c>. A file whose tests
/// are about the CPU says so and why in a comment, <c>// On the CPU: ...</c>. Architecture.Tests hold every file to one of the two.
/// </remarks>
public static class TestDevice
{
    /// <summary>Environment variable: <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</summary>
    public const string Variable = "REALIZ3D_TEST_DEVICE";

    /// <summary>The device.</summary>
    public static Device Here { get; } = Choose(Environment.GetEnvironmentVariable(Variable), cuda.device_count());

    /// <summary>Whether it is the CPU.</summary>
    public static bool IsCpu => Here.type == DeviceType.CPU;

    /// <summary>Reads a wish.</summary>
    /// <param name="wish">What the variable says; null or nothing is the CPU.</param>
    /// <param name="cudaDevices">CUDA devices that are there.</param>
    /// <returns>The device.</returns>
    /// <exception cref="InvalidOperationException">One sentence says what is wrong.</exception>
    public static Device Choose(string? wish, int cudaDevices)
    {
        if (string.IsNullOrEmpty(wish) || wish == "cpu")
        {
            return CPU;
        }

        var index = 0;
        return wish != "cuda" && !(wish.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(wish.AsSpan(5), out index))
            ? throw new InvalidOperationException($"{Variable} is \"{wish}\"; say cpu, cuda or cuda:N.")
            : index >= 0 && index < cudaDevices
                ? new Device(DeviceType.CUDA, index)
                : throw new InvalidOperationException($"{Variable} asks for {wish}, but libtorch sees {cudaDevices} CUDA devices.");
    }
}
