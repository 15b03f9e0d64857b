using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.TorchSharp.Tests;

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
            Assert.Equal([1f, 1, 1, 1], x.to(CUDA).cpu().data<float>().ToArray());
        }
        else
        {
            Assert.Throws<ExternalException>(() => x.pin_memory());
        }
    }
}
