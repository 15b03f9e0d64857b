using System.Runtime.InteropServices;
using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.TorchSharp.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class TensorTests
{
    [Fact]
    public void Arithmetic_MatchesPlainNumbers()
    {
        using var scope = NewDisposeScope();
        var a = tensor(new[] { 1f, -2f, 3f });
        var b = tensor(new[] { 4f, 5f, -6f });

        Assert.Equal([5f, 3f, -3f], (a + b).cpu().data<float>().ToArray());
        Assert.Equal([-3f, -7f, 9f], (a - b).cpu().data<float>().ToArray());
        Assert.Equal([4f, -10f, -18f], (a * b).cpu().data<float>().ToArray());
        Assert.Equal([0.25f, -0.4f, -0.5f], (a / b).cpu().data<float>().ToArray());
        Assert.Equal([2f, -1f, 4f], (a + 1).cpu().data<float>().ToArray());
        Assert.Equal([1f, 4f, -1f], (2 - a).cpu().data<float>().ToArray().Select(x => x).ToArray());
        Assert.Equal([6f, -3f, 2f], (6 / a).cpu().data<float>().ToArray());
        Assert.Equal([1f, 4f, 9f], a.pow(2).cpu().data<float>().ToArray());
        Assert.Equal([-1f, 2f, -3f], (-a).cpu().data<float>().ToArray());
        Assert.Equal([true, false, true], (a > 0).cpu().data<bool>().ToArray());
        Assert.Equal([false, true, false], (0 > a).cpu().data<bool>().ToArray());
        Assert.Equal(2f, a.sum().item<float>());
        Assert.Equal(3f, a.max().ToSingle());
        Assert.Equal(2L, a.argmax().item<long>());
    }

    [Fact]
    public void Slices_ReadWhatPlainLoopsRead()
    {
        using var scope = NewDisposeScope();
        var x = arange(24).reshape(2, 3, 4);

        Assert.Equal([4L, 5, 6, 7, 16, 17, 18, 19], x[TensorIndex.Ellipsis, TensorIndex.Single(1), TensorIndex.Colon].cpu().data<long>().ToArray());
        Assert.Equal([1L, 3, 5, 7], x[TensorIndex.Single(0), TensorIndex.Slice(0, 2), TensorIndex.Slice(1, null, 2)].cpu().data<long>().ToArray());
        Assert.Equal([23L], x[-1, -1, -1].reshape(1).cpu().data<long>().ToArray());
        Assert.Equal([2L, 1, 3], x[TensorIndex.None, TensorIndex.Colon, TensorIndex.Single(0), 1..4].permute(1, 0, 2).shape);
        var mask = x > 20;
        Assert.Equal([21L, 22, 23], x[mask].cpu().data<long>().ToArray());
        var rows = tensor(new[] { 1L, 0 });
        Assert.Equal([12L, 0], x[TensorIndex.Tensor(rows), TensorIndex.Single(0), TensorIndex.Single(0)].cpu().data<long>().ToArray());
    }

    [Fact]
    public void SliceAssignment_WritesIntoTheSource()
    {
        using var scope = NewDisposeScope();
        var x = zeros(2, 3);
        x[TensorIndex.Colon, TensorIndex.Single(1)] = tensor(new[] { 5f, 7f });
        x[0, 0] = 2f;
        x[x > 6] = tensor(9f);

        Assert.Equal([2f, 5f, 0f, 0f, 9f, 0f], x.cpu().data<float>().ToArray());
    }

    [Fact]
    public void StridedData_ComesInRowMajorOrder()
    {
        using var scope = NewDisposeScope();
        var x = arange(6).reshape(2, 3).t();

        Assert.False(x.is_contiguous());
        Assert.Equal([0L, 3, 1, 4, 2, 5], x.cpu().data<long>().ToArray());
        Assert.Equal(4L, x.cpu().data<long>()[1, 1]);
    }

    [Fact]
    public void Error_CarriesLibtorchsMessage()
    {
        using var scope = NewDisposeScope();
        var failure = Assert.Throws<ExternalException>(() => zeros(2, 3).matmul(zeros(2, 3)));
        Assert.Contains("2x3", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongElementType_IsRefused() =>
        Assert.Throws<ArgumentException>(() => zeros(2).cpu().data<long>());

    [Fact]
    public void Scope_DisposesAllButWhatMovesOut() => Alone.Run(() =>
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Tensor kept;
        Tensor lost;
        using (NewDisposeScope())
        {
            using (NewDisposeScope())
            {
                lost = ones(2) + 1;
                kept = (lost * 2).MoveToOuterDisposeScope();
            }

            Assert.True(lost.IsInvalid);
            Assert.Equal([4f, 4f], kept.cpu().data<float>().ToArray());
        }

        Assert.True(kept.IsInvalid);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    });

    [Fact]
    public void Generator_RepeatsFromItsSeedAndItsState()
    {
        using var scope = NewDisposeScope();
        using var first = new Generator(7);
        using var second = new Generator(7);
        var a = randn(5, generator: first);
        Assert.Equal(a.cpu().data<float>().ToArray(), randn(5, generator: second).cpu().data<float>().ToArray());

        var state = first.get_state();
        var b = rand(3, generator: first);
        Assert.NotEqual(a.cpu().data<float>()[0], b.cpu().data<float>()[0]);
        first.set_state(state);
        Assert.Equal(b.cpu().data<float>().ToArray(), rand(3, generator: first).cpu().data<float>().ToArray());
    }
}
