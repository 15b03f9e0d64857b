using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.TorchSharp.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>Optimizers on the loss x^4, which starts steep and flattens: every step against the algorithm in plain doubles.</summary>
public sealed class OptimizerTests
{
    private const double Rate = 0.05, Eps = 1e-3, Decay = 0.03;

    /// <summary>Makes an optimizer, and a formula of its steps: x, gradient and number of the step (from 1) to the next x.</summary>
    private sealed record Case(Func<Parameter, OptimizerHelper> Make, Func<Func<double, double, int, double>> Formula);

    private static readonly Dictionary<string, Case> s_cases = new()
    {
        ["Adam"] = new(x => optim.Adam([x], Rate, 0.8, 0.95, Eps, Decay), () => Adam(decoupled: false)),
        ["Adam, amsgrad"] = new(x => optim.Adam([x], Rate, 0.8, 0.5, Eps, Decay, amsgrad: true), () => Adam(decoupled: false, beta2: 0.5, amsgrad: true)),
        ["Adam, maximize"] = new(x => optim.Adam([x], Rate, 0.8, 0.95, Eps, Decay, maximize: true), () => Adam(decoupled: false, sign: -1)),
        ["AdamW"] = new(x => optim.AdamW([x], Rate, 0.8, 0.95, Eps, Decay), () => Adam(decoupled: true)),
        ["AdamW, amsgrad"] = new(x => optim.AdamW([x], Rate, 0.8, 0.5, Eps, Decay, amsgrad: true), () => Adam(decoupled: true, beta2: 0.5, amsgrad: true)),
        ["AdamW, maximize"] = new(x => optim.AdamW([x], Rate, 0.8, 0.95, Eps, Decay, maximize: true), () => Adam(decoupled: true, sign: -1)),
        ["SGD"] = new(x => optim.SGD([x], 0.01), () => Sgd(0, 0, false, 0)),
        ["SGD, momentum"] = new(x => optim.SGD([x], 0.01, 0.7, 0.2, Decay), () => Sgd(0.7, 0.2, false, Decay)),
        ["SGD, Nesterov"] = new(x => optim.SGD([x], 0.01, 0.7, weight_decay: Decay, nesterov: true), () => Sgd(0.7, 0, true, Decay)),
        ["SGD, maximize"] = new(x => optim.SGD([x], 0.01, 0.7, maximize: true), () => Sgd(0.7, 0, false, 0, sign: -1)),
        ["RMSProp"] = new(x => optim.RMSProp([x], Rate, 0.9, Eps, Decay), () => Rms(0, false)),
        ["RMSProp, momentum"] = new(x => optim.RMSProp([x], Rate, 0.9, Eps, Decay, 0.6), () => Rms(0.6, false)),
        ["RMSProp, centered"] = new(x => optim.RMSProp([x], Rate, 0.9, Eps, Decay, centered: true), () => Rms(0, true)),
        ["RMSProp, maximize"] = new(x => optim.RMSProp([x], Rate, 0.9, Eps, Decay, 0.6, centered: true, maximize: true), () => Rms(0.6, true, sign: -1)),
        ["Adagrad"] = new(x => optim.Adagrad([x], 0.3, 0.1, Decay, 0.4, Eps), Adagrad),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Steps_MatchTheFormulaInDouble(string name)
    {
        using var parameter = new Parameter(tensor(new[] { 2.0, -0.7 }));
        using var optimizer = s_cases[name].Make(parameter);
        var formulas = new[] { s_cases[name].Formula(), s_cases[name].Formula() };
        double[] x = [2.0, -0.7];
        for (var step = 1; step <= 6; step++)
        {
            Descend(parameter, optimizer);
            x = [.. x.Zip(formulas, (value, formula) => formula(value, 4 * value * value * value, step))];
            Assert.All(x.Zip(parameter.cpu().data<double>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void SavedState_GivesTheSameNextStep(string name)
    {
        using var stream = new MemoryStream();
        using var first = new Parameter(tensor(new[] { 1.0, -1.3 }));
        using var optimizer = s_cases[name].Make(first);
        Descend(first, optimizer);
        Descend(first, optimizer);
        using var second = new Parameter(first.clone());
        using var resumed = s_cases[name].Make(second);
        foreach (var group in resumed.ParamGroups)
        {
            group.LearningRate = 0.9;
        }

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
        Assert.Equal(first.cpu().data<double>().ToArray(), second.cpu().data<double>().ToArray());
    }

    [Fact]
    public void Groups_KeepTheirOptions_AndTakeTheRestFromTheOptimizer()
    {
        using var a = new Parameter(tensor(new[] { 1.0 }));
        using var b = new Parameter(tensor(new[] { 1.0 }));
        var own = new SGD.ParamGroup([b], new SGD.Options { LearningRate = 0.5 });
        using var optimizer = optim.SGD([new SGD.ParamGroup { Parameters = [a] }, own], 0.25, momentum: 0.5);
        Assert.Equal([0.25, 0.5], optimizer.ParamGroups.Select(group => group.LearningRate));
        Assert.Equal([0.25, 0.5], optimizer.ParamGroups.Select(group => group.InitialLearningRate));
        Assert.Equal(0.5, own.Momentum);

        a.grad = ones_like(a);
        b.grad = ones_like(b);
        optimizer.step();
        Assert.Equal((0.75, 0.5), (a.item<double>(), b.item<double>()));
    }

    [Fact]
    public void Parameters_WithoutGradients_StayAsTheyAre()
    {
        using var a = new Parameter(tensor(new[] { 1.0 }));
        foreach (var (name, value) in s_cases)
        {
            using var optimizer = value.Make(a);
            Assert.Equal(3, optimizer.step(() => tensor(3.0))!.item<double>());
            Assert.True(a.item<double>() == 1, name);
        }
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
        Assert.Equal(0.6f, a.grad!.cpu().data<float>()[0], 1e-5f);
        Assert.Equal(0.8f, b.grad!.cpu().data<float>()[0], 1e-5f);
    }

    // One step on the loss x^4.
    private static void Descend(Parameter parameter, optim.Optimizer optimizer)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        parameter.pow(4).sum().backward();
        optimizer.step();
    }

    private static Func<double, double, int, double> Adam(bool decoupled, double beta2 = 0.95, bool amsgrad = false, double sign = 1)
    {
        var (m, v, largest) = (0.0, 0.0, 0.0);
        return (x, gradient, step) =>
        {
            var g = (sign * gradient) + (decoupled ? 0 : Decay * x);
            m = (0.8 * m) + (0.2 * g);
            v = (beta2 * v) + ((1 - beta2) * g * g);
            largest = amsgrad ? Math.Max(largest, v) : v;
            var kept = decoupled ? x * (1 - (Rate * Decay)) : x;
            return kept - (Rate * (m / (1 - Math.Pow(0.8, step))) / (Math.Sqrt(largest / (1 - Math.Pow(beta2, step))) + Eps));
        };
    }

    private static Func<double, double, int, double> Sgd(double momentum, double dampening, bool nesterov, double decay, double sign = 1)
    {
        var buffer = 0.0;
        return (x, gradient, step) =>
        {
            var g = (sign * gradient) + (decay * x);
            buffer = step == 1 ? g : (momentum * buffer) + ((1 - dampening) * g);
            return x - (0.01 * (momentum == 0 ? g : nesterov ? g + (momentum * buffer) : buffer));
        };
    }

    private static Func<double, double, int, double> Rms(double momentum, bool centered, double sign = 1)
    {
        var (square, mean, buffer) = (0.0, 0.0, 0.0);
        return (x, gradient, _) =>
        {
            var g = (sign * gradient) + (Decay * x);
            square = (0.9 * square) + (0.1 * g * g);
            mean = (0.9 * mean) + (0.1 * g);
            buffer = (momentum * buffer) + (g / (Math.Sqrt(square - (centered ? mean * mean : 0)) + Eps));
            return x - (Rate * buffer);
        };
    }

    private static Func<double, double, int, double> Adagrad()
    {
        var sum = 0.4;
        return (x, gradient, step) =>
        {
            var g = gradient + (Decay * x);
            sum += g * g;
            return x - (0.3 / (1 + ((step - 1) * 0.1)) * g / (Math.Sqrt(sum) + Eps));
        };
    }
}
