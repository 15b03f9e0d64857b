using System.Runtime.InteropServices;
using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.TorchSharp.Tests;

// On the CPU: spans reach no other memory; the way to a GPU is one of the tests.
/// <summary>A CPU tensor's memory in place.</summary>
public sealed class MemoryTests
{
    [Fact]
    public void Bytes_AreTheTensorsOwnMemory_BothWays()
    {
        using var scope = NewDisposeScope();
        var x = zeros(1000);
        var span = MemoryMarshal.Cast<byte, float>(x.bytes);
        Assert.Equal(1000, span.Length);

        span[999] = 7;
        Assert.Equal(7f, x.sum().item<float>());
        x.fill_(3);
        Assert.Equal(3f, span[0]);

        // A view of the middle starts where the middle lies.
        var middle = MemoryMarshal.Cast<byte, float>(x.narrow(0, 100, 50).bytes);
        middle[0] = -1;
        Assert.Equal(-1f, span[100]);
        Assert.Equal(50, middle.Length);
    }

    [Fact]
    public void Bytes_CopyNothing()
    {
        using var scope = NewDisposeScope();
        var x = zeros(1 << 20);
        var sum = 0.0;
        _ = x.bytes.Length;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            sum += MemoryMarshal.Cast<byte, float>(x.bytes)[i];
        }

        // Its shape is read each time; its four megabytes never.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64_000);
        Assert.Equal(0, sum);
    }

    [Fact]
    public void Accessor_ReadsAndWritesInPlace_AlsoThroughStrides()
    {
        using var scope = NewDisposeScope();
        var x = zeros(2, 3, ScalarType.Float64);
        var across = x.t().data<double>();
        across[2, 1] = 5;
        Assert.Equal(5, x[1, 2].item<double>());
        across.CopyFrom([1, 2, 3, 4, 5, 6]);
        Assert.Equal([1.0, 3, 5, 2, 4, 6], x.data<double>().ToArray());
        Assert.Equal([3.0, 4, 5], across.Skip(2).Take(3));
    }

    [Fact]
    public void Bytes_OfStridedMemory_AreRefused()
    {
        using var scope = NewDisposeScope();
        var x = zeros(2, 3).t();
        Assert.Throws<InvalidOperationException>(() => x.bytes.Length);
    }

    [Fact]
    public void Assignment_OfBytes_WantsTheSameLength()
    {
        using var scope = NewDisposeScope();
        var x = zeros(2);
        x.bytes = MemoryMarshal.AsBytes(new[] { 1.5f, -2 }.AsSpan());
        Assert.Equal([1.5f, -2], x.data<float>().ToArray());
        Assert.Throws<ArgumentException>(() => x.bytes = new byte[4]);
    }

    [Fact]
    public void PageLockedMemory_IsOnlyThereWithAGpu()
    {
        using var scope = NewDisposeScope();
        var x = ones(4);
        Assert.False(x.is_pinned());
        if (cuda.is_available())
        {
            var pinned = x.pin_memory();
            Assert.True(pinned.is_pinned());
            Assert.True(pinned.pin_memory().is_pinned());
            Assert.Equal([1f, 1, 1, 1], pinned.data<float>().ToArray());
            Assert.False(x.to(CUDA).is_pinned());
        }
        else
        {
            var refused = Assert.Throws<ExternalException>(() => x.pin_memory());
            Assert.Contains("CUDA", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Transfers_KeepValuesTypesStridesAndGradients_AndLeaveOneTensor() => Alone.Run(() =>
    {
        using var scope = NewDisposeScope();
        var strided = arange(12).to(ScalarType.Float32).reshape(3, 4).t();
        var (host, far) = (zeros(4, 3), strided.to(TestDevice.Here));
        var leaf = ones(2, requires_grad: true);
        (Func<Tensor> Call, Tensor Expected)[] ways =
        [
            (() => strided.to(TestDevice.Here), strided), (() => strided.to(ScalarType.Float64, TestDevice.Here), strided.to(ScalarType.Float64)),
            (() => far.cpu(), strided), (() => far.to(ScalarType.Int64, CPU), strided.to(ScalarType.Int64)), (() => far.to(CPU, copy: true), strided),
            (() => host.copy_(far), strided), (() => zeros_like(far).copy_(strided).alias(), strided), (() => zeros(0, 2).to(TestDevice.Here).cpu(), zeros(0, 2)),
            (() => (leaf.to(TestDevice.Here) * 3).cpu(), leaf * 3),
        ];
        foreach (var (call, expected) in ways)
        {
            using var inner = NewDisposeScope();
            var answer = call();
            AssertTensor.Equal(expected, answer);
            Assert.Equal(expected.dtype, answer.dtype);
            Assert.False(answer.is_pinned());
        }

        Assert.Equal(strided.stride(), far.stride());
        Assert.Equal(strided.stride(), far.cpu().stride());
        (leaf.to(TestDevice.Here) * 3).cpu().sum().backward();
        Assert.Equal([3f, 3], leaf.grad!.data<float>().ToArray());

        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using var copies = NewDisposeScope();
        strided.to(TestDevice.Here, copy: true);
        far.to(CPU, copy: true);
        host.copy_(far);
        far.copy_(host);
        Assert.Equal(before + 4, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        _ = far[0, 0].item<float>();
        Assert.Equal(before + 5, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    });
}
