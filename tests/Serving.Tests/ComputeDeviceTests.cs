using TorchSharp;

namespace Realiz3D.Mesh.Serving.Tests;

/// <summary>What REALIZ3D_DEVICE may say.</summary>
public sealed class ComputeDeviceTests
{
    [Theory]
    [InlineData(null, 0, "cpu")]
    [InlineData("", 2, "cuda:0")]
    [InlineData("auto", 0, "cpu")]
    [InlineData("auto", 1, "cuda:0")]
    [InlineData("CPU", 4, "cpu")]
    [InlineData("cuda", 1, "cuda:0")]
    [InlineData("cuda:3", 4, "cuda:3")]
    [InlineData("simulated:50ms", 1, "cpu")]
    public void Choose_KnownWish_GivesTheDevice(string? wish, int devices, string expected)
    {
        var device = ComputeDevice.Choose(wish, devices);

        Assert.Equal(expected, device.type == DeviceType.CPU ? "cpu" : $"cuda:{device.index}");
    }

    [Theory]
    [InlineData("gpu", 1, "say auto, cpu, cuda, cuda:n or simulated:50ms")]
    [InlineData("cuda:", 1, "say auto, cpu, cuda, cuda:n or simulated:50ms")]
    [InlineData("cuda:-1", 1, "say auto, cpu, cuda, cuda:n or simulated:50ms")]
    [InlineData("simulated:", 0, "simulated:50ms")]
    [InlineData("simulated:0ms", 0, "simulated:50ms")]
    [InlineData("simulated:5s", 0, "simulated:50ms")]
    [InlineData("cuda", 0, "sees 0 CUDA devices")]
    [InlineData("cuda:1", 1, "cuda:1")]
    public void Choose_ImpossibleWish_SaysWhatToDo(string wish, int devices, string said)
    {
        var problem = Assert.Throws<InvalidOperationException>(() => ComputeDevice.Choose(wish, devices));

        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
        Assert.StartsWith(ComputeDevice.Variable, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_ImpossibleWishFromAnotherSetting_NamesThatSetting()
    {
        var unknown = Assert.Throws<InvalidOperationException>(() => ComputeDevice.Choose("gpu", 1, "Geometry:Device"));
        var absent = Assert.Throws<InvalidOperationException>(() => ComputeDevice.Choose("cuda:2", 1, "Geometry:Device"));

        Assert.StartsWith("Geometry:Device is \"gpu\"; say", unknown.Message, StringComparison.Ordinal);
        Assert.StartsWith("Geometry:Device asks for cuda:2", absent.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("simulated:50ms", 50)]
    [InlineData(" SIMULATED:1500MS ", 1500)]
    [InlineData("simulated:60001ms", 0)]
    [InlineData("cpu", 0)]
    [InlineData(null, 0)]
    public void SimulatedStep_IsTheTimeOfAStep(string? wish, int milliseconds) =>
        Assert.Equal(milliseconds, ComputeDevice.SimulatedStep(wish).TotalMilliseconds);
}
