namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor acos_() => Aten.Call("acos_", this);

        public Tensor asin_() => Aten.Call("asin_", this);

        public Tensor atan_() => Aten.Call("atan_", this);

        public Tensor ceil_() => Aten.Call("ceil_", this);

        public Tensor cos_() => Aten.Call("cos_", this);

        public Tensor erf_() => Aten.Call("erf_", this);

        public Tensor expm1_() => Aten.Call("expm1_", this);

        public Tensor floor_() => Aten.Call("floor_", this);

        public Tensor frac_() => Aten.Call("frac_", this);

        public Tensor log_() => Aten.Call("log_", this);

        public Tensor log1p_() => Aten.Call("log1p_", this);

        public Tensor reciprocal_() => Aten.Call("reciprocal_", this);

        public Tensor rsqrt_() => Aten.Call("rsqrt_", this);

        public Tensor sign_() => Aten.Call("sign_", this);

        public Tensor sin_() => Aten.Call("sin_", this);

        public Tensor tan_() => Aten.Call("tan_", this);

        public Tensor trunc_() => Aten.Call("trunc_", this);

        public Tensor logical_not_() => Aten.Call("logical_not_", this);

        public Tensor round_(long decimals = 0) => Aten.Call("round_.decimals", this, decimals);

        public Tensor nan_to_num_(double nan = 0, double? posinf = null, double? neginf = null) => Aten.Call("nan_to_num_", this, nan, posinf, neginf);

        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Aten.Call("clamp_.Tensor", this, min, max);

        public Tensor clamp_min_(Scalar min) => Aten.Call("clamp_min_", this, min);

        public Tensor clamp_max_(Scalar max) => Aten.Call("clamp_max_", this, max);

        public Tensor true_divide_(Tensor other) => Aten.Call("true_divide_.Tensor", this, other);

        public Tensor pow_(Tensor exponent) => Aten.Call("pow_.Tensor", this, exponent);

        public Tensor fmod_(Tensor target) => Aten.Call("fmod_.Tensor", this, target);

        public Tensor remainder_(Tensor target) => Aten.Call("remainder_.Tensor", this, target);

        public Tensor logical_and_(Tensor other) => Aten.Call("logical_and_", this, other);

        public Tensor logical_or_(Tensor other) => Aten.Call("logical_or_", this, other);

        public Tensor logical_xor_(Tensor other) => Aten.Call("logical_xor_", this, other);

        public Tensor bitwise_and_(Tensor other) => Aten.Call("bitwise_and_.Tensor", this, other);

        public Tensor bitwise_or_(Tensor other) => Aten.Call("bitwise_or_.Tensor", this, other);

        public Tensor bitwise_xor_(Tensor other) => Aten.Call("bitwise_xor_.Tensor", this, other);

        public Tensor floor_divide_(Tensor other) => Aten.Call("floor_divide_.Tensor", this, other);

        public Tensor le_(Tensor target) => Aten.Call("le_.Tensor", this, target);

        public Tensor ge_(Tensor target) => Aten.Call("ge_.Tensor", this, target);

        public Tensor pow_(Scalar exponent) => Aten.Call("pow_.Scalar", this, exponent);

        public Tensor fmod_(Scalar scalar) => Aten.Call("fmod_.Scalar", this, scalar);

        public Tensor remainder_(Scalar scalar) => Aten.Call("remainder_.Scalar", this, scalar);

        public Tensor le_(Scalar target) => Aten.Call("le_.Scalar", this, target);

        public Tensor ge_(Scalar target) => Aten.Call("ge_.Scalar", this, target);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => Aten.Call("addcdiv_", this, tensor1, tensor2);

        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => Aten.Call("addmm_", this, mat1, mat2, (double)beta, (double)alpha);

        internal Tensor lerp_(Tensor end, Scalar weight) => Aten.Call("lerp_.Scalar", this, end, weight);

        public Tensor lerp_(Tensor end, Tensor weight) => Aten.Call("lerp_.Tensor", this, end, weight);
    }
}
