namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor abs() => Aten.Call("abs", this);

        public Tensor acos() => Aten.Call("acos", this);

        public Tensor asin() => Aten.Call("asin", this);

        public Tensor atan() => Aten.Call("atan", this);

        public Tensor ceil() => Aten.Call("ceil", this);

        public Tensor cos() => Aten.Call("cos", this);

        public Tensor cosh() => Aten.Call("cosh", this);

        public Tensor erf() => Aten.Call("erf", this);

        public Tensor exp() => Aten.Call("exp", this);

        public Tensor exp2() => Aten.Call("exp2", this);

        public Tensor expm1() => Aten.Call("expm1", this);

        public Tensor floor() => Aten.Call("floor", this);

        public Tensor frac() => Aten.Call("frac", this);

        public Tensor log() => Aten.Call("log", this);

        public Tensor log10() => Aten.Call("log10", this);

        public Tensor log1p() => Aten.Call("log1p", this);

        public Tensor log2() => Aten.Call("log2", this);

        public Tensor neg() => Aten.Call("neg", this);

        public Tensor reciprocal() => Aten.Call("reciprocal", this);

        public Tensor relu() => Aten.Call("relu", this);

        public Tensor rsqrt() => Aten.Call("rsqrt", this);

        public Tensor sigmoid() => Aten.Call("sigmoid", this);

        public Tensor sign() => Aten.Call("sign", this);

        public Tensor sin() => Aten.Call("sin", this);

        public Tensor sinh() => Aten.Call("sinh", this);

        public Tensor sqrt() => Aten.Call("sqrt", this);

        public Tensor square() => Aten.Call("square", this);

        public Tensor tan() => Aten.Call("tan", this);

        public Tensor tanh() => Aten.Call("tanh", this);

        public Tensor trunc() => Aten.Call("trunc", this);

        public Tensor isnan() => Aten.Call("isnan", this);

        public Tensor isinf() => Aten.Call("isinf", this);

        public Tensor isfinite() => Aten.Call("isfinite", this);

        public Tensor logical_not() => Aten.Call("logical_not", this);

        public Tensor bitwise_not() => Aten.Call("bitwise_not", this);

        public Tensor t() => Aten.Call("t", this);

        public Tensor nonzero() => Aten.Call("nonzero", this);

        public Tensor erfinv() => Aten.Call("erfinv", this);

        public Tensor abs_() => Aten.Call("abs_", this);

        public Tensor exp_() => Aten.Call("exp_", this);

        public Tensor neg_() => Aten.Call("neg_", this);

        public Tensor relu_() => Aten.Call("relu_", this);

        public Tensor sigmoid_() => Aten.Call("sigmoid_", this);

        public Tensor sqrt_() => Aten.Call("sqrt_", this);

        public Tensor zero_() => Aten.Call("zero_", this);

        public Tensor detach_() => Aten.Call("detach_", this);

        public Tensor tanh_() => Aten.Call("tanh_", this);

        public Tensor round(long decimals = 0) => Aten.Call("round.decimals", this, decimals);

        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null) => Aten.Call("nan_to_num", this, nan, posinf, neginf);

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Aten.Call("clamp", this, min, max);

        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Aten.Call("clamp.Tensor", this, min, max);

        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Aten.Call("clamp_", this, min, max);

        public Tensor clamp_min(Scalar min) => Aten.Call("clamp_min", this, min);

        public Tensor clamp_max(Scalar max) => Aten.Call("clamp_max", this, max);

        public Tensor softmax(long dim, ScalarType? dtype = null) => Aten.Call("softmax.int", this, dim, dtype);

        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Aten.Call("log_softmax.int", this, dim, dtype);

        public Tensor cumsum(long dim, ScalarType? type = null) => Aten.Call("cumsum", this, dim, type);

        public Tensor cumprod(long dim, ScalarType? type = null) => Aten.Call("cumprod", this, dim, type);

        public (Tensor values, Tensor indexes) cummax(long dim) => Aten.Call2("cummax", this, dim);

        public (Tensor values, Tensor indexes) cummin(long dim) => Aten.Call2("cummin", this, dim);

        public Tensor diff(long n = 1, long dim = -1, Tensor? prepend = null, Tensor? append = null) => Aten.Call("diff", this, n, dim, prepend, append);

        public Tensor absolute() => Aten.Call("absolute", this);

        public Tensor acosh() => Aten.Call("acosh", this);

        public Tensor asinh() => Aten.Call("asinh", this);

        public Tensor atanh() => Aten.Call("atanh", this);

        public Tensor deg2rad() => Aten.Call("deg2rad", this);

        public Tensor rad2deg() => Aten.Call("rad2deg", this);

        public Tensor digamma() => Aten.Call("digamma", this);

        public Tensor erfc() => Aten.Call("erfc", this);

        public Tensor lgamma() => Aten.Call("lgamma", this);

        public Tensor sgn() => Aten.Call("sgn", this);

        public Tensor sinc() => Aten.Call("sinc", this);

        public Tensor signbit() => Aten.Call("signbit", this);

        public Tensor isposinf() => Aten.Call("isposinf", this);

        public Tensor isneginf() => Aten.Call("isneginf", this);

        public Tensor positive() => Aten.Call("positive", this);

        public Tensor negative() => Aten.Call("negative", this);

        public Tensor logit(double? eps = null) => Aten.Call("logit", this, eps);

        public Tensor clip(Scalar? min = null, Scalar? max = null) => Aten.Call("clip", this, min, max);
    }
}
