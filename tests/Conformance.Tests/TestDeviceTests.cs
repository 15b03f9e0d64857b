using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Tests;

// On the CPU: what libtorch draws there is what the factories under test must have drawn.
/// <summary>What REALIZ3D_TEST_DEVICE may say, and where the factories of the tests put their tensors.</summary>
public sealed class TestDeviceTests
{
    [Theory]
    [InlineData(null, 0, DeviceType.CPU, -1)]
    [InlineData("", 1, DeviceType.CPU, -1)]
    [InlineData("cpu", 1, DeviceType.CPU, -1)]
    [InlineData("cuda", 1, DeviceType.CUDA, 0)]
    [InlineData("cuda:1", 2, DeviceType.CUDA, 1)]
    public void Choose_KnownWish_GivesTheDevice(string? wish, int devices, DeviceType type, int index)
    {
        var device = TestDevice.Choose(wish, devices);
        Assert.Equal((type, index), (device.type, device.index));
    }

    [Theory]
    [InlineData("tpu", 1, "say cpu, cuda or cuda:N")]
    [InlineData("cuda:x", 1, "say cpu, cuda or cuda:N")]
    [InlineData("cuda", 0, "libtorch sees 0 CUDA devices")]
    [InlineData("cuda:2", 2, "libtorch sees 2 CUDA devices")]
    [InlineData("cuda:-1", 2, "libtorch sees 2 CUDA devices")]
    public void Choose_ImpossibleWish_SaysSo(string wish, int devices, string said) =>
        Assert.Contains(said, Assert.Throws<InvalidOperationException>(() => TestDevice.Choose(wish, devices)).Message, StringComparison.Ordinal);

    [Fact]
    public void Factories_MakeTensorsThere_AndDrawTheSameNumbersEverywhere()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var drawn = OnDevice.randn(2, 3, generator: generator);
        Tensor[] made =
        [
            OnDevice.zeros(2), OnDevice.ones([2, 3]), OnDevice.full(2, 0.5), OnDevice.tensor([1f, 2]), OnDevice.tensor(3L), OnDevice.arange(3),
            OnDevice.eye(2), OnDevice.linspace(0, 1, 3), OnDevice.rand(2), drawn,
        ];
        Assert.All(made, tensor => Assert.Equal(TestDevice.Here.type, tensor.device.type));

        generator.manual_seed(3);
        AssertTensor.Equal(randn(2, 3, generator: generator), drawn);
    }
}
