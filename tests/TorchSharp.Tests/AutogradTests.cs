using System.Runtime.InteropServices;
using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Realiz3D.Mesh.TorchSharp.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class AutogradTests
{
    [Fact]
    public void Backward_GivesTheDerivativeOfAPolynomial()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1.0, 2.0, -3.0 }, requires_grad: true);
        (x.pow(3) + (2 * x)).sum().backward();

        Assert.Equal([5.0, 14.0, 29.0], x.grad!.cpu().data<double>().ToArray());
    }

    [Fact]
    public void NoGrad_RecordsNothingAndEnds()
    {
        using var scope = NewDisposeScope();
        var x = ones(1, requires_grad: true);
        using (no_grad())
        {
            Assert.False((x * 2).requires_grad);
        }

        Assert.True((x * 2).requires_grad);
    }

    [Fact]
    public void GradientModes_HoldOnTheirOwnThreadOnly()
    {
        using var unrecorded = no_grad();
        using var inferring = inference_mode();
        var elsewhere = (Recording: false, Inferring: true);
        var thread = new Thread(() => elsewhere = (is_grad_enabled(), is_inference_mode_enabled()));
        thread.Start();
        thread.Join();

        Assert.Equal((true, false), elsewhere);
        Assert.False(is_grad_enabled());
        Assert.True(is_inference_mode_enabled());
    }

    [Fact]
    public void InferenceMode_MakesTensorsThatNeverEnterAGraph_AndNests()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        Tensor inferred;
        using (inference_mode())
        {
            inferred = x * 2;
            Assert.False(inferred.requires_grad);
            using (inference_mode(false))
            {
                Assert.False(is_inference_mode_enabled());
                Assert.True((x * 2).requires_grad);
            }

            Assert.True(is_inference_mode_enabled());
        }

        Assert.False(is_inference_mode_enabled());
        Assert.True((x * 2).requires_grad);
        var failure = Assert.Throws<ExternalException>(() => x * inferred);
        Assert.Contains("Inference tensors cannot be saved for backward", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Grad_OfAnUnusedInput_IsNullWhenAllowed()
    {
        using var scope = NewDisposeScope();
        var x = ones(1, requires_grad: true);
        var y = ones(1, requires_grad: true);
        var found = grad([(x * 3).sum()], [x, y], allow_unused: true);

        Assert.Equal(3f, found[0].item<float>());
        Assert.Null(found[1]);
    }

    [Fact]
    public void CustomFunction_PutsItsOwnGradientIntoTheGraph()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 2.0, 3.0 }, requires_grad: true);
        var y = tensor(new[] { 5.0, 7.0 }, requires_grad: true);
        var product = Product.apply(x * 1, y, 4.0);
        Assert.Equal([40.0, 84.0], product.cpu().data<double>().ToArray());
        (product * product).sum().backward();

        // d/dx (4xy)^2 = 32 x y^2, d/dy = 32 x^2 y.
        Assert.Equal([32.0 * 2 * 25, 32.0 * 3 * 49], x.grad!.cpu().data<double>().ToArray());
        Assert.Equal([32.0 * 4 * 5, 32.0 * 9 * 7], y.grad!.cpu().data<double>().ToArray());
    }

    [Fact]
    public void CustomFunction_ThatThrows_GivesItsOwnException()
    {
        using var scope = NewDisposeScope();
        var x = ones(1, requires_grad: true);
        var failure = Assert.Throws<NotSupportedException>(() => Refusing.apply(x).sum().backward());
        Assert.Equal("one way only", failure.Message);
    }

    [Fact]
    public void CustomFunction_LeavesNoTensorAlive() => Alone.Run(() =>
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (NewDisposeScope())
        {
            var x = ones(3, requires_grad: true);
            Product.apply(x, x * 2, 1.0).sum().backward();
            Assert.Equal([4f, 4f, 4f], x.grad!.cpu().data<float>().ToArray());
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    });

    /// <summary>x y times a plain number, with a hand-written backward pass.</summary>
    private sealed class Product : SingleTensorFunction<Product>
    {
        public override Tensor forward(AutogradContext ctx, params object[] vars)
        {
            var (x, y, factor) = ((Tensor)vars[0], (Tensor)vars[1], (double)vars[2]);
            ctx.save_for_backward([x, y]);
            ctx.save_data("factor", factor);
            return x * y * factor;
        }

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
        {
            var saved = ctx.get_saved_variables();
            var scaled = grad_output * (double)ctx.get_data("factor");
            return [scaled * saved[1], scaled * saved[0], null!];
        }
    }

    private sealed class Refusing : SingleTensorFunction<Refusing>
    {
        public override Tensor forward(AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]) * 2;

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) => throw new NotSupportedException("one way only");
    }
}
