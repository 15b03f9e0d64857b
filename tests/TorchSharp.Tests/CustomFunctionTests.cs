using System.Runtime.InteropServices;
using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Realiz3D.Mesh.TorchSharp.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>Managed code in libtorch's graph, when it fails.</summary>
public sealed class CustomFunctionTests
{
    private static long Live => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    [Fact]
    public void ExceptionInBackward_ArrivesAsItWasThrown_AndLeavesNothing() => Alone.Run(() =>
    {
        var before = Live;
        for (var i = 0; i < 50; i++)
        {
            using var scope = NewDisposeScope();
            var x = ones(3, requires_grad: true);
            var loss = (Failing.apply(x * 2, $"attempt {i}") * 3).sum();
            var failure = Assert.Throws<InvalidDataException>(() => loss.backward());
            Assert.Equal($"attempt {i}", failure.Message);
            Assert.Contains(nameof(Failing), failure.StackTrace, StringComparison.Ordinal);
        }

        Assert.Equal(before, Live);
    });

    [Fact]
    public void AfterAnException_TheNextPassWorks()
    {
        using var scope = NewDisposeScope();
        var x = ones(1, requires_grad: true);
        Assert.Throws<InvalidDataException>(() => Failing.apply(x, "no").sum().backward());
        (Halving.apply(x) * 3).sum().backward();
        Assert.Equal(1.5f, x.grad!.item<float>());
    }

    [Fact]
    public async Task InParallel_EachThreadGetsItsOwnException()
    {
        var messages = await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Factory.StartNew(
            () => Enumerable.Range(0, 50).All(i =>
            {
                using var scope = NewDisposeScope();
                var x = ones(1, requires_grad: true);
                return Assert.Throws<InvalidDataException>(() => Failing.apply(x, $"{worker}.{i}").sum().backward()).Message == $"{worker}.{i}";
            }),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.All(messages, message => Assert.True(message));
    }

    [Fact]
    public void ExceptionInForward_EndsWhatItSaved() => Alone.Run(() =>
    {
        var before = Live;
        using (NewDisposeScope())
        {
            var x = ones(3, requires_grad: true);
            Assert.Throws<InvalidDataException>(() => FailingForward.apply(x));
        }

        Assert.Equal(before, Live);
    });

    [Fact]
    public void GradientOfAnotherShape_IsLibtorchsError()
    {
        using var scope = NewDisposeScope();
        var x = ones(3, requires_grad: true);
        var failure = Assert.Throws<ExternalException>(() => WrongShape.apply(x).sum().backward());
        Assert.Contains("shape", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BackwardInsideBackward_HandsTheInnerExceptionOn()
    {
        using var scope = NewDisposeScope();
        var x = ones(1, requires_grad: true);
        var failure = Assert.Throws<InvalidDataException>(() => Nesting.apply(x).sum().backward());
        Assert.Equal("inner", failure.Message);
    }

    private sealed class Failing : SingleTensorFunction<Failing>
    {
        public override Tensor forward(AutogradContext ctx, params object[] vars)
        {
            ctx.save_for_backward([(Tensor)vars[0]]);
            ctx.save_data("message", vars[1]);
            return (Tensor)vars[0] * 2;
        }

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
        {
            _ = grad_output * ctx.get_saved_variables()[0];
            throw new InvalidDataException((string)ctx.get_data("message"));
        }
    }

    private sealed class Halving : SingleTensorFunction<Halving>
    {
        public override Tensor forward(AutogradContext ctx, params object[] vars) => (Tensor)vars[0] / 2;

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) => [grad_output / 2];
    }

    private sealed class FailingForward : SingleTensorFunction<FailingForward>
    {
        public override Tensor forward(AutogradContext ctx, params object[] vars)
        {
            ctx.save_for_backward([(Tensor)vars[0]]);
            throw new InvalidDataException("forward");
        }

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) => [grad_output];
    }

    private sealed class WrongShape : SingleTensorFunction<WrongShape>
    {
        public override Tensor forward(AutogradContext ctx, params object[] vars) => (Tensor)vars[0] * 1;

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) => [ones(7)];
    }

    private sealed class Nesting : SingleTensorFunction<Nesting>
    {
        public override Tensor forward(AutogradContext ctx, params object[] vars) => (Tensor)vars[0] * 1;

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
        {
            using var recorded = enable_grad();
            var inner = ones(1, requires_grad: true);
            Failing.apply(inner, "inner").sum().backward();
            return [grad_output];
        }
    }
}
