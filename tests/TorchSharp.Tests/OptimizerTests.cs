using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.TorchSharp.Tests;

public sealed class OptimizerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Steps_MatchTheFormulaInDouble(bool decoupled)
    {
        const double Rate = 0.1, Beta1 = 0.8, Beta2 = 0.95, Eps = 1e-8, Decay = 0.03;
        using var parameter = new Parameter(tensor(new[] { 2.0 }));
        using optim.Optimizer optimizer = decoupled
            ? optim.AdamW([parameter], Rate, Beta1, Beta2, Eps, Decay)
            : optim.Adam([parameter], Rate, Beta1, Beta2, Eps, Decay);
        var (x, m, v) = (2.0, 0.0, 0.0);
        for (var step = 1; step <= 5; step++)
        {
            Descend(parameter, optimizer);

            var grad = 4 * x * x * x;
            if (decoupled)
            {
                x *= 1 - (Rate * Decay);
            }
            else
            {
                grad += Decay * x;
            }

            m = (Beta1 * m) + ((1 - Beta1) * grad);
            v = (Beta2 * v) + ((1 - Beta2) * grad * grad);
            x -= Rate * (m / (1 - Math.Pow(Beta1, step))) / (Math.Sqrt(v / (1 - Math.Pow(Beta2, step))) + Eps);
            Assert.Equal(x, parameter.item<double>(), 1e-12);
        }
    }

    [Fact]
    public void SavedState_GivesTheSameNextStep()
    {
        using var stream = new MemoryStream();
        using var first = new Parameter(tensor(new[] { 1f, -3f }));
        using var optimizer = optim.AdamW([first], lr: 0.05, weight_decay: 0.01);
        Descend(first, optimizer);
        Descend(first, optimizer);
        using var second = new Parameter(first.clone());
        using var resumed = optim.AdamW([second], lr: 0.9, weight_decay: 0.01);
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            optimizer.save_state_dict(writer);
        }

        stream.Position = 0;
        using (var reader = new BinaryReader(stream))
        {
            resumed.load_state_dict(reader);
        }

        Descend(first, optimizer);
        Descend(second, resumed);
        Assert.Equal(first.data<float>().ToArray(), second.data<float>().ToArray());
    }

    [Fact]
    public void ClipGradNorm_ScalesToTheLimit_AndAnswersTheNormBefore()
    {
        using var scope = NewDisposeScope();
        using var a = new Parameter(zeros(2));
        using var b = new Parameter(zeros(1));
        a.grad = tensor(new[] { 3f, 0f });
        b.grad = tensor(new[] { 4f });

        Assert.Equal(5, nn.utils.clip_grad_norm_([a, b], 1), 1e-6);
        Assert.Equal(0.6f, a.grad!.data<float>()[0], 1e-5f);
        Assert.Equal(0.8f, b.grad!.data<float>()[0], 1e-5f);
    }

    // One step on the loss x^4.
    private static void Descend(Parameter parameter, optim.Optimizer optimizer)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        parameter.pow(4).sum().backward();
        optimizer.step();
    }
}
