using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.TorchSharp.Tests.Operations;

internal static partial class OperationTable
{
    private static readonly (double, double) s_any = (-2, 2);
    private static readonly (double, double) s_positive = (0.4, 3);

    private static IEnumerable<Operation> Arithmetic() =>
    [
        Row.Unary(-2, 2, x => x + 2, x => x + 2, x => x + 2L, x => x + 2f, x => x + 2.0, x => x + (Scalar)2, x => 2 + x, x => 2L + x, x => 2f + x, x => 2.0 + x,
            x => (Scalar)2 + x, x => x.add(2), x => x.add_(2), x => x.add(1, 2), x => x.add_(1, 2)),
        Row.Unary(-2, 2, x => x - 2, x => x - 2, x => x - 2L, x => x - 2f, x => x - 2.0, x => x - (Scalar)2, x => x.sub(2), x => x.sub_(2), x => x.subtract(2)),
        Row.Unary(-2, 2, x => 2 - x, x => 2 - x, x => 2L - x, x => 2f - x, x => 2.0 - x, x => (Scalar)2 - x),
        Row.Unary(-2, 2, x => x * 2, x => x * 2, x => x * 2L, x => x * 2f, x => x * 2.0, x => x * (Scalar)2, x => 2 * x, x => 2L * x, x => 2f * x, x => 2.0 * x,
            x => (Scalar)2 * x, x => x.mul(2), x => x.mul_(2), x => x.multiply(2)),
        Row.Unary(-2, 2, x => x / 2, x => x / 2, x => x / 2L, x => x / 2f, x => x / 2.0, x => x / (Scalar)2, x => x.div(2), x => x.div_(2), x => x.divide(2), x => x.true_divide(2)),
        Row.Unary(0.4, 2, x => 2 / x, x => 2 / x, x => 2L / x, x => 2f / x, x => 2.0 / x, x => (Scalar)2 / x),
        Row.Unary(0.1, 1.9, x => x - (2 * Math.Floor(x / 2)), x => x % 2, x => x % 2L, x => x % 2f, x => x % 2.0, x => x % (Scalar)2, x => x.remainder(2), x => x.remainder_(2)),
        Row.Step(-5, 5, x => x - (2 * Math.Floor(x / 2)), x => x.remainder(2)),
        Row.Step(-5, 5, x => x % 2, x => x.fmod(2), x => x.fmod_(2)),
        Row.Step(-5, 5, x => Math.Floor(x / 2), x => x.div(2, RoundingMode.floor), x => x.floor_divide(2)),
        Row.Step(-5, 5, x => Math.Truncate(x / 2), x => x.div(2, RoundingMode.trunc), x => x.div_(2, RoundingMode.trunc)),
        Row.Binary(s_any, s_any, (x, y) => x + y, (x, y) => x + y, (x, y) => x.add(y), (x, y) => x.add_(y)),
        Row.Binary(s_any, s_any, (x, y) => x + (3 * y), (x, y) => x.add(y, 3), (x, y) => x.add_(y, 3)),
        Row.Binary(s_any, s_any, (x, y) => x - y, (x, y) => x - y, (x, y) => x.sub(y), (x, y) => x.sub_(y), (x, y) => x.subtract(y)),
        Row.Binary(s_any, s_any, (x, y) => x * y, (x, y) => x * y, (x, y) => x.mul(y), (x, y) => x.mul_(y), (x, y) => x.multiply(y)),
        Row.Binary(s_any, s_positive, (x, y) => x / y, (x, y) => x / y, (x, y) => x.div(y), (x, y) => x.div_(y), (x, y) => x.divide(y), (x, y) => x.true_divide(y), (x, y) => x.true_divide_(y)),
        Row.Binary(s_any, s_positive, (x, y) => Math.Floor(x / y), (x, y) => x.floor_divide(y), (x, y) => x.floor_divide_(y), (x, y) => x.div(y, RoundingMode.floor)).Flat(),
        Row.Binary((0.1, 0.4), (0.5, 1), (x, y) => x - (y * Math.Floor(x / y)), (x, y) => x % y, (x, y) => x.remainder(y), (x, y) => x.remainder_(y)),
        Row.Binary(s_any, s_positive, (x, y) => x % y, (x, y) => x.fmod(y), (x, y) => x.fmod_(y)).Flat(),
        Row.Binary(s_positive, s_any, Math.Pow, (x, y) => x.pow(y), (x, y) => x.pow_(y), (x, y) => x.float_power(y)),
    ];

    private static IEnumerable<Operation> Comparisons() =>
    [
        Row.Compare((x, y) => x == y, ScalarType.Bool, (x, y) => x.eq(y), (x, y) => x == y, (x, _) => x.eq(2), (x, _) => x == (Scalar)2, (x, _) => (Scalar)2 == x),
        Row.Compare((x, y) => x != y, ScalarType.Bool, (x, y) => x.ne(y), (x, y) => x != y, (x, _) => x.ne(2), (x, _) => x != (Scalar)2, (x, _) => (Scalar)2 != x),
        Row.Compare((x, y) => x < y, ScalarType.Bool, (x, y) => x.lt(y), (x, y) => x < y, (x, _) => x.lt(2), (x, _) => x < (Scalar)2, (x, _) => (Scalar)2 > x),
        Row.Compare((x, y) => x <= y, ScalarType.Bool, (x, y) => x.le(y), (x, y) => x <= y, (x, _) => x.le(2), (x, _) => x <= (Scalar)2, (x, _) => (Scalar)2 >= x),
        Row.Compare((x, y) => x > y, ScalarType.Bool, (x, y) => x.gt(y), (x, y) => x > y, (x, _) => x.gt(2), (x, _) => x > (Scalar)2, (x, _) => (Scalar)2 < x),
        Row.Compare((x, y) => x >= y, ScalarType.Bool, (x, y) => x.ge(y), (x, y) => x >= y, (x, _) => x.ge(2), (x, _) => x >= (Scalar)2, (x, _) => (Scalar)2 <= x),
        Row.Compare((x, y) => x == y, ScalarType.Float64, (x, y) => x.eq_(y), (x, _) => x.eq_(2)),
        Row.Compare((x, y) => x != y, ScalarType.Float64, (x, y) => x.ne_(y), (x, _) => x.ne_(2)),
        Row.Compare((x, y) => x < y, ScalarType.Float64, (x, y) => x.lt_(y), (x, _) => x.lt_(2)),
        Row.Compare((x, y) => x <= y, ScalarType.Float64, (x, y) => x.le_(y), (x, _) => x.le_(2)),
        Row.Compare((x, y) => x > y, ScalarType.Float64, (x, y) => x.gt_(y), (x, _) => x.gt_(2)),
        Row.Compare((x, y) => x >= y, ScalarType.Float64, (x, y) => x.ge_(y), (x, _) => x.ge_(2)),
        Row.Of(new Dense([3], [1, 2, double.NaN]), new Dense([3], [1.05, 2.5, double.NaN]), (_, _) => Dense.Mask([3], 1, 0, 0), (x, y) => x.isclose(y, 0, 0.1)).Flat(),
        Row.Of(new Dense([3], [1, 2, double.NaN]), new Dense([3], [1.05, 2.5, double.NaN]), (_, _) => Dense.Mask([3], 1, 0, 1), (x, y) => x.isclose(y, 0, 0.1, nanEqual: true)).Flat(),
        Row.Of(new Dense([2], [1, 2]), new Dense([2], [1, 2.00001]), (_, _) => Dense.Scalar(0, ScalarType.Bool),
            (x, y) => x.equal(y), (x, y) => x.allclose(y, 0, 1e-6)).Flat(),
        Row.Of(new Dense([2], [1, 2]), new Dense([2], [1, 2.00001]), (_, _) => Dense.Scalar(1, ScalarType.Bool), (x, y) => x.allclose(y), (x, _) => x.equal(x)).Flat(),
        Row.Of(Dense.Whole([4], 1, 2, 3, 4), Dense.Whole([2], 2, 4), (_, _) => Dense.Mask([4], 0, 1, 0, 1), (x, y) => x.isin(y)).Flat(),
        Row.Of(Dense.Whole([4], 1, 2, 3, 4), Dense.Whole([2], 2, 4), (_, _) => Dense.Mask([4], 1, 0, 1, 0), (x, y) => x.isin(y, invert: true)).Flat(),
    ];

    private static IEnumerable<Operation> Pairs() =>
    [
        Row.Binary(s_any, s_any, Math.Atan2, (x, y) => x.atan2(y)),
        Row.Binary(s_any, s_any, Math.Max, (x, y) => x.maximum(y), (x, y) => x.max(y), (x, y) => x.fmax(y)),
        Row.Binary(s_any, s_any, Math.Min, (x, y) => x.minimum(y), (x, y) => x.min(y), (x, y) => x.fmin(y)),
        Row.Binary(s_any, s_any, (x, y) => Math.Sqrt((x * x) + (y * y)), (x, y) => x.hypot(y)),
        Row.Binary(s_any, s_any, (x, y) => Math.Abs(x) * Math.Sign(y), (x, y) => x.copysign(y)),
        Row.Binary(s_any, s_any, (x, y) => Math.Log(Math.Exp(x) + Math.Exp(y)), (x, y) => x.logaddexp(y)),
        Row.Binary(s_any, s_any, (x, y) => Math.Log2(Math.Pow(2, x) + Math.Pow(2, y)), (x, y) => x.logaddexp2(y)),
        Row.Binary(s_any, s_positive, (x, y) => x * Math.Log(y), (x, y) => x.xlogy(y)),
        Row.Unary(-2, 2, x => x * Math.Log(3), x => x.xlogy(3)),
        Row.Of(new Dense([3], [-1, 0, 2]), new Dense([3], [7, 8, 9]), (_, _) => new Dense([3], [0, 8, 1]), (x, y) => x.heaviside(y)).Flat(),
        Row.Of(Dense.Mask([4], 0, 0, 1, 1), Dense.Mask([4], 0, 1, 0, 1), (_, _) => Dense.Mask([4], 0, 0, 0, 1), (x, y) => x.logical_and(y), (x, y) => x.logical_and_(y), (x, y) => x.bitwise_and(y), (x, y) => x & y).Flat(),
        Row.Of(Dense.Mask([4], 0, 0, 1, 1), Dense.Mask([4], 0, 1, 0, 1), (_, _) => Dense.Mask([4], 0, 1, 1, 1), (x, y) => x.logical_or(y), (x, y) => x.logical_or_(y), (x, y) => x.bitwise_or(y), (x, y) => x | y).Flat(),
        Row.Of(Dense.Mask([4], 0, 0, 1, 1), Dense.Mask([4], 0, 1, 0, 1), (_, _) => Dense.Mask([4], 0, 1, 1, 0), (x, y) => x.logical_xor(y), (x, y) => x.logical_xor_(y), (x, y) => x.bitwise_xor(y), (x, y) => x ^ y).Flat(),
        Row.Of(Dense.Whole([3], 12, 10, 7), Dense.Whole([3], 10, 3, 5), (x, y) => x.Zip(y, (a, b) => (long)a & (long)b), (x, y) => x.bitwise_and(y), (x, y) => x.bitwise_and_(y)).Flat(),
        Row.Of(Dense.Whole([3], 12, 10, 7), Dense.Whole([3], 10, 3, 5), (x, y) => x.Zip(y, (a, b) => (long)a | (long)b), (x, y) => x.bitwise_or(y), (x, y) => x.bitwise_or_(y)).Flat(),
        Row.Of(Dense.Whole([3], 12, 10, 7), Dense.Whole([3], 10, 3, 5), (x, y) => x.Zip(y, (a, b) => (long)a ^ (long)b), (x, y) => x.bitwise_xor(y), (x, y) => x.bitwise_xor_(y)).Flat(),
        Row.Of(Dense.Whole([3], 12, 10, 7), Dense.Whole([3], 1, 3, 2), (x, y) => x.Zip(y, (a, b) => (long)a << (int)b), (x, y) => x.bitwise_left_shift(y)).Flat(),
        Row.Of(Dense.Whole([3], 12, 10, 7), Dense.Whole([3], 1, 3, 2), (x, y) => x.Zip(y, (a, b) => (long)a >> (int)b), (x, y) => x.bitwise_right_shift(y)).Flat(),
        Row.Of(Dense.Real(-2, 2, 3), Dense.Real(-1, 3, 3), Dense.Real(0.1, 0.9, 3), (a, b, w) => Dense.Of([3], i => a[i] + (w[i] * (b[i] - a[i]))), (a, b, w) => a.lerp(b, w), (a, b, w) => a.lerp_(b, w)),
        Row.Of(Dense.Real(-2, 2, 3), Dense.Real(-1, 3, 3), Dense.Real(0.4, 0.9, 3), (a, b, c) => Dense.Of([3], i => a[i] + (2 * b[i] * c[i])), (a, b, c) => a.addcmul(b, c, 2), (a, b, c) => a.addcmul_(b, c, 2)),
        Row.Of(Dense.Real(-2, 2, 3), Dense.Real(-1, 3, 3), Dense.Real(0.4, 0.9, 3), (a, b, c) => Dense.Of([3], i => a[i] + (2 * b[i] / c[i])), (a, b, c) => a.addcdiv(b, c, 2), (a, b, c) => a.addcdiv_(b, c, 2)),
        Row.Of(Dense.Real(-2, 2, 3), Dense.Real(-1, 3, 3), Dense.Real(0.4, 0.9, 3), (a, b, c) => Dense.Of([3], i => a[i] + (b[i] / c[i])), (a, b, c) => a.addcdiv(b, c), (a, b, c) => a.addcdiv_(b, c)),
        Row.Of(Dense.Mask([3], 1, 0, 1), Dense.Real(-2, 2, 3), Dense.Real(-1, 3, 3), (m, a, b) => Dense.Of([3], i => m[i] > 0 ? a[i] : b[i]), (m, a, b) => where(m, a, b), (m, a, b) => a.where(m, b)),
    ];
}
