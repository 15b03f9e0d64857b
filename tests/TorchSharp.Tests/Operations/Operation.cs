using static TorchSharp.torch;

namespace Realiz3D.Mesh.TorchSharp.Tests.Operations;

/// <summary>One row of the table: inputs, what must come out, and every way to write the operation.</summary>
/// <param name="Inputs">Real inputs in doubles, indices and masks in their own types.</param>
/// <param name="Formula">The operation in plain doubles; its central differences are the gradients.</param>
/// <param name="Smooth">Whether it has gradients, and is differentiable at the inputs.</param>
/// <param name="Spellings">The calls as written; each covers the operation that it calls last.</param>
/// <param name="Calls">The same calls in one shape.</param>
internal sealed record Operation(
    Dense[] Inputs, Func<Dense[], Dense[]> Formula, bool Smooth, Delegate[] Spellings, Func<Tensor[], Tensor[]>[] Calls)
{
    /// <summary>The same row, differentiable nowhere of interest: steps, comparisons, indices.</summary>
    public Operation Flat() => this with { Smooth = false };
}

/// <summary>Makes rows.</summary>
internal static class Row
{
    /// <summary>A function of one number, over points between two bounds.</summary>
    public static Operation Unary(double low, double high, Func<double, double> f, params Func<Tensor, Tensor>[] calls) =>
        Of(Dense.Real(low, high, 2, 4), x => x.Map(f), calls);

    /// <summary>A function of one number whose derivative is zero or nothing.</summary>
    public static Operation Step(double low, double high, Func<double, double> f, params Func<Tensor, Tensor>[] calls) =>
        Unary(low, high, f, calls).Flat();

    /// <summary>A question about one number, asked of values that matter.</summary>
    public static Operation Test(double[] values, Func<double, bool> f, params Func<Tensor, Tensor>[] calls) =>
        Of(new Dense([values.Length], values), x => x.Map(v => f(v) ? 1 : 0, ScalarType.Bool), calls).Flat();

    /// <summary>A function of two numbers, each between bounds of its own.</summary>
    public static Operation Binary((double Low, double High) left, (double Low, double High) right, Func<double, double, double> f, params Func<Tensor, Tensor, Tensor>[] calls) =>
        Of(Dense.Real(left.Low, left.High, 2, 3), new Dense([2, 3], [.. Dense.Real(right.Low, right.High, 6).Values.Reverse()]), (x, y) => x.Zip(y, f), calls);

    /// <summary>A question about two numbers: one pair less, one equal, one greater.</summary>
    public static Operation Compare(Func<double, double, bool> f, ScalarType type, params Func<Tensor, Tensor, Tensor>[] calls) =>
        Of(new Dense([3], [1, 2, 3]), new Dense([3], [2, 2, 2]), (x, y) => x.Zip(y, (a, b) => f(a, b) ? 1 : 0, type), calls).Flat();

    public static Operation Of(Dense x, Func<Dense, Dense> formula, params Func<Tensor, Tensor>[] calls) =>
        new([x], inputs => [formula(inputs[0])], true, calls, [.. calls.Select(call => (Func<Tensor[], Tensor[]>)(t => [call(t[0])]))]);

    public static Operation Of(Dense x, Dense y, Func<Dense, Dense, Dense> formula, params Func<Tensor, Tensor, Tensor>[] calls) =>
        new([x, y], inputs => [formula(inputs[0], inputs[1])], true, calls, [.. calls.Select(call => (Func<Tensor[], Tensor[]>)(t => [call(t[0], t[1])]))]);

    public static Operation Of(Dense x, Dense y, Dense z, Func<Dense, Dense, Dense, Dense> formula, params Func<Tensor, Tensor, Tensor, Tensor>[] calls) =>
        new([x, y, z], inputs => [formula(inputs[0], inputs[1], inputs[2])], true, calls, [.. calls.Select(call => (Func<Tensor[], Tensor[]>)(t => [call(t[0], t[1], t[2])]))]);

    /// <summary>Any number of inputs and outputs.</summary>
    public static Operation Many(Dense[] inputs, Func<Dense[], Dense[]> formula, params Func<Tensor[], Tensor[]>[] calls) =>
        new(inputs, formula, true, calls, calls);

    /// <summary>One input, several outputs.</summary>
    public static Operation Many(Dense x, Func<Dense, Dense[]> formula, params Func<Tensor, Tensor[]>[] calls) =>
        new([x], inputs => formula(inputs[0]), true, calls, [.. calls.Select(call => (Func<Tensor[], Tensor[]>)(t => call(t[0])))]);

    /// <summary>No input: factories.</summary>
    public static Operation Made(Dense expected, params Func<Tensor>[] calls) =>
        new([], _ => [expected], false, calls, [.. calls.Select(call => (Func<Tensor[], Tensor[]>)(_ => [call()]))]);
}
