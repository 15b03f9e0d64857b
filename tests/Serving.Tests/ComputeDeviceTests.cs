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
    public void Choose_KnownWish_GivesTheDevice(string? wish, int devices, string expected)
    {
        var device = ComputeDevice.Choose(wish, devices);

        Assert.Equal(expected, device.type == DeviceType.CPU ? "cpu" : $"cuda:{device.index}");
    }

    [Theory]
    [InlineData("gpu", 1, "say auto, cpu, cuda or cuda:n")]
    [InlineData("cuda:", 1, "say auto, cpu, cuda or cuda:n")]
    [InlineData("cuda:-1", 1, "say auto, cpu, cuda or cuda:n")]
    [InlineData("cuda", 0, "sees 0 CUDA devices")]
    [InlineData("cuda:1", 1, "cuda:1")]
    public void Choose_ImpossibleWish_SaysWhatToDo(string wish, int devices, string said)
    {
        var problem = Assert.Throws<InvalidOperationException>(() => ComputeDevice.Choose(wish, devices));

        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
    }
}
