namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor mv(Tensor target) => Aten.Call("mv", this, target);

        public Tensor inner(Tensor vec2) => Aten.Call("inner", this, vec2);

        public Tensor kron(Tensor other) => Aten.Call("kron", this, other);

        public Tensor vdot(Tensor target) => Aten.Call("vdot", this, target);

        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) => Aten.Call("addmv", this, mat, vec, (double)beta, (double)alpha);

        public Tensor addr(Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) => Aten.Call("addr", this, vec1, vec2, (double)beta, (double)alpha);

        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => Aten.Call("baddbmm", this, batch1, batch2, (double)beta, (double)alpha);

        public Tensor addbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => Aten.Call("addbmm", this, batch1, batch2, (double)beta, (double)alpha);

        public Tensor tensordot(Tensor b, long[] dims1, long[] dims2) => Aten.Call("tensordot", this, b, dims1, dims2);

        public Tensor dist(Tensor other, float p = 2) => Aten.Call("dist", this, other, (double)p);

        public Tensor det() => Aten.Call("det", this);

        public Tensor inverse() => Aten.Call("inverse", this);

        public Tensor matrix_power(int n) => Aten.Call("matrix_power", this, (long)n);

        public Tensor cholesky(bool upper = false) => Aten.Call("cholesky", this, upper);

        public Tensor matrix_exp() => Aten.Call("matrix_exp", this);

        public Tensor logdet() => Aten.Call("logdet", this);
    }
}
