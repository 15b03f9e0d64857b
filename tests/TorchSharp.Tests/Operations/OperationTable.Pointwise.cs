using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Realiz3D.Mesh.TorchSharp.Tests.Operations;

internal static partial class OperationTable
{
    private static readonly double[] s_special = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1.5, 0, 2];

    private static IEnumerable<Operation> Pointwise() =>
    [
        Row.Unary(-2, 2, Math.Abs, x => x.abs(), x => x.abs_(), x => x.absolute()),
        Row.Unary(-0.9, 0.9, Math.Acos, x => x.acos(), x => x.acos_()),
        Row.Unary(1.1, 3, Math.Acosh, x => x.acosh()),
        Row.Unary(-0.9, 0.9, Math.Asin, x => x.asin(), x => x.asin_()),
        Row.Unary(-2, 2, Math.Asinh, x => x.asinh()),
        Row.Unary(-2, 2, Math.Atan, x => x.atan(), x => x.atan_()),
        Row.Unary(-0.9, 0.9, Math.Atanh, x => x.atanh()),
        Row.Unary(-2, 2, Math.Cos, x => x.cos(), x => x.cos_()),
        Row.Unary(-2, 2, Math.Cosh, x => x.cosh()),
        Row.Unary(-200, 200, x => x * Math.PI / 180, x => x.deg2rad()),
        Row.Unary(-4, 4, x => x * 180 / Math.PI, x => x.rad2deg()),
        Row.Unary(0.3, 4, Reference.Digamma, x => x.digamma()),
        Row.Unary(0.3, 4, Reference.LogGamma, x => x.lgamma()),
        Row.Unary(-2, 2, Reference.Erf, x => x.erf(), x => x.erf_()),
        Row.Unary(-2, 2, x => 1 - Reference.Erf(x), x => x.erfc()),
        Row.Unary(-0.9, 0.9, Reference.ErfInverse, x => x.erfinv()),
        Row.Unary(-2, 2, Math.Exp, x => x.exp(), x => x.exp_()),
        Row.Unary(-2, 2, x => Math.Pow(2, x), x => x.exp2()),
        Row.Unary(-2, 2, x => Math.Exp(x) - 1, x => x.expm1(), x => x.expm1_()),
        Row.Unary(0.1, 3, x => x - Math.Truncate(x), x => x.frac(), x => x.frac_()),
        Row.Unary(0.1, 3, Math.Log, x => x.log(), x => x.log_()),
        Row.Unary(0.1, 3, Math.Log10, x => x.log10()),
        Row.Unary(-0.5, 3, x => Math.Log(1 + x), x => x.log1p(), x => x.log1p_()),
        Row.Unary(0.1, 3, Math.Log2, x => x.log2()),
        Row.Unary(0.1, 0.9, x => Math.Log(x / (1 - x)), x => x.logit()),
        Row.Unary(-2, 2, x => -x, x => x.neg(), x => x.neg_(), x => x.negative(), x => -x),
        Row.Unary(-2, 2, x => x, x => x.positive(), x => x.alias(), x => x.clone(), x => x.contiguous(), x => x.nan_to_num(), x => x.nan_to_num_()),
        Row.Unary(0.3, 3, x => 1 / x, x => x.reciprocal(), x => x.reciprocal_()),
        Row.Unary(0.3, 3, x => 1 / Math.Sqrt(x), x => x.rsqrt(), x => x.rsqrt_()),
        Row.Unary(-2, 2, Math.Sin, x => x.sin(), x => x.sin_()),
        Row.Unary(0.2, 2, x => Math.Sin(Math.PI * x) / (Math.PI * x), x => x.sinc()),
        Row.Unary(-2, 2, Math.Sinh, x => x.sinh()),
        Row.Unary(0.3, 3, Math.Sqrt, x => x.sqrt(), x => x.sqrt_()),
        Row.Unary(-2, 2, x => x * x, x => x.square()),
        Row.Unary(-1, 1, Math.Tan, x => x.tan(), x => x.tan_()),
        Row.Unary(-2, 2, Math.Tanh, x => x.tanh(), x => x.tanh_(), x => F.tanh(x), x => F.tanh(x, inplace: true)),
        Row.Unary(-2, 2, x => Math.Clamp(x, -0.5, 0.7), x => x.clamp(-0.5, 0.7), x => x.clamp_(-0.5, 0.7), x => x.clip(-0.5, 0.7)),
        Row.Unary(-2, 2, x => Math.Max(x, -0.5), x => x.clamp_min(-0.5), x => x.clamp_min_(-0.5), x => x.clamp(min: -0.5)),
        Row.Unary(-2, 2, x => Math.Min(x, 0.7), x => x.clamp_max(0.7), x => x.clamp_max_(0.7)),
        Row.Of(Dense.Real(-2, 2, 2, 4), Dense.Scalar(-0.51), Dense.Scalar(0.73), (x, low, high) => x.Map(v => Math.Clamp(v, low.Values[0], high.Values[0])),
            (x, low, high) => x.clamp(low, high), (x, low, high) => x.clamp_(low, high)),
        Row.Unary(-2, 2, x => x * x * x, x => x.pow(3), x => x.pow_(3)),
    ];

    private static IEnumerable<Operation> Steps() =>
    [
        Row.Step(-3, 3, Math.Ceiling, x => x.ceil(), x => x.ceil_()),
        Row.Step(-3, 3, Math.Floor, x => x.floor(), x => x.floor_()),
        Row.Step(-3, 3, Math.Truncate, x => x.trunc(), x => x.trunc_()),
        Row.Step(-3, 3, x => Math.Round(x), x => x.round(), x => x.round_()),
        Row.Step(-3, 3, x => Math.Round(x, 2), x => x.round(2), x => x.round_(2)),
        Row.Step(-3, 3, x => Math.Sign(x), x => x.sign(), x => x.sign_(), x => x.sgn()),
        Row.Step(-3, 3, _ => 0, x => x.zero_()),
        Row.Step(-3, 3, _ => 1.5, x => x.fill_(1.5)),
        Row.Step(-3, 3, x => x, x => x.detach(), x => x.detach_()),
        Row.Test(s_special, double.IsNaN, x => x.isnan()),
        Row.Test(s_special, double.IsInfinity, x => x.isinf()),
        Row.Test(s_special, double.IsFinite, x => x.isfinite()),
        Row.Test(s_special, double.IsPositiveInfinity, x => x.isposinf()),
        Row.Test(s_special, double.IsNegativeInfinity, x => x.isneginf()),
        Row.Test([-2, 0, 3], x => x < 0, x => x.signbit()),
        Row.Test([-2, 0, 3], x => x == 0, x => x.logical_not()),
        Row.Of(Dense.Mask([3], 1, 0, 1), x => x.Map(v => 1 - v), x => x.logical_not_(), x => x.bitwise_not(), x => ~x).Flat(),
        Row.Of(new Dense([4], [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 2]), x => new Dense([4], [7, 8, 9, 2]),
            x => x.nan_to_num(7, 8, 9), x => x.nan_to_num_(7, 8, 9)).Flat(),
    ];

    private static IEnumerable<Operation> Activations() =>
    [
        Row.Unary(-2, 2, x => Math.Max(x, 0), x => x.relu(), x => x.relu_(), x => F.relu(x), x => F.relu(x, inplace: true)),
        Row.Unary(-2, 8, x => Math.Clamp(x, 0, 6), x => x.relu6(), x => x.relu6_(), x => F.relu6(x)),
        Row.Unary(-2, 2, Reference.Sigmoid, x => x.sigmoid(), x => x.sigmoid_(), x => F.sigmoid(x)),
        Row.Unary(-2, 2, x => Math.Log(Reference.Sigmoid(x)), x => x.log_sigmoid(), x => F.logsigmoid(x)),
        Row.Unary(-2, 2, x => x * Reference.Sigmoid(x), x => x.silu(), x => x.silu_(), x => F.silu(x), x => F.silu(x, inplace: true)),
        Row.Unary(-2, 2, Reference.Gelu, x => x.gelu(), x => x.gelu_(), x => F.gelu(x)),
        Row.Unary(-2, 2, Reference.GeluByTanh, x => x.gelu(global::TorchSharp.Modules.GELU.Approximate.tanh), x => F.gelu(x, global::TorchSharp.Modules.GELU.Approximate.tanh)),
        Row.Unary(-2, 2, x => x > 0 ? x : 1.3 * (Math.Exp(x) - 1), x => x.elu(1.3), x => x.elu_(1.3), x => F.elu(x, 1.3)),
        Row.Unary(-2, 2, x => x > 0 ? x : 1.3 * (Math.Exp(x / 1.3) - 1), x => x.celu(1.3), x => F.celu(x, 1.3)),
        Row.Unary(-2, 2, x => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.Exp(x) - 1)), x => x.selu(), x => x.selu_(), x => F.selu(x)),
        Row.Unary(-2, 2, x => x > 0 ? x : 0.2 * x, x => x.leaky_relu(0.2), x => x.leaky_relu_(0.2), x => F.leaky_relu(x, 0.2)),
        Row.Unary(-4, 4, x => Math.Clamp((x / 6) + 0.5, 0, 1), x => x.hardsigmoid(), x => x.hardsigmoid_(), x => F.hardsigmoid(x)),
        Row.Unary(-4, 4, x => x * Math.Clamp((x / 6) + 0.5, 0, 1), x => x.hardswish(), x => x.hardswish_(), x => F.hardswish(x)),
        Row.Unary(-2, 2, x => Math.Clamp(x, -0.5, 0.7), x => x.hardtanh(-0.5, 0.7), x => x.hardtanh_(-0.5, 0.7), x => F.hardtanh(x, -0.5, 0.7)),
        Row.Unary(-2, 2, x => Math.Abs(x) > 0.5 ? x : 0, x => F.hardshrink(x)),
        Row.Unary(-2, 2, x => Math.Abs(x) > 0.5 ? x - (0.5 * Math.Sign(x)) : 0, x => F.softshrink(x)),
        Row.Unary(-2, 2, x => x * Math.Tanh(Reference.Softplus(x)), x => F.mish(x)),
        Row.Unary(-2, 2, x => Reference.Softplus(1.5 * x) / 1.5, x => x.softplus(1.5), x => F.softplus(x, 1.5)),
        Row.Unary(-2, 2, x => x > 0.3 ? x : -7, x => x.threshold(0.3, -7), x => x.threshold_(0.3, -7), x => F.threshold(x, 0.3, -7)),
        Row.Of(Dense.Real(-2, 2, 2, 3), Dense.Real(0.1, 0.6, 3), (x, slope) => Dense.Of([2, 3], i => x[i] * (x[i] > 0 ? 1 : slope[i[1]])),
            (x, slope) => x.prelu(slope), (x, slope) => F.prelu(x, slope)),
        Row.Of(Dense.Real(-2, 2, 2, 6), x => Dense.Of([2, 3], i => x[i] * Reference.Sigmoid(x[i[0], i[1] + 3])), x => x.glu(), x => F.glu(x)),
        Row.Of(Dense.Real(-2, 2, 2, 4), x => x.Lines(1, Softmax), x => x.softmax(1), x => F.softmax(x, 1), x => softmax(x, 1)),
        Row.Of(Dense.Real(-2, 2, 2, 4), x => x.Lines(0, line => Softmax([.. line.Select(v => -v)])), x => F.softmin(x, 0)),
        Row.Of(Dense.Real(-2, 2, 2, 4), x => x.Lines(1, line => [.. Softmax(line).Select(v => Math.Log(v))]), x => x.log_softmax(1), x => F.log_softmax(x, 1)),
    ];

    private static double[] Softmax(double[] line)
    {
        var sum = line.Sum(Math.Exp);
        return [.. line.Select(value => Math.Exp(value) / sum)];
    }
}
