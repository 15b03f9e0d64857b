using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Realiz3D.Mesh.TorchSharp.Tests.Operations;

internal static partial class OperationTable
{
    // Two matrices of a batch, and a matrix far from singular.
    private static readonly Dense s_left = Dense.Real(-1, 1, 2, 3);
    private static readonly Dense s_right = Dense.Real(-1, 2, 3, 4);
    private static readonly Dense s_square = new([3, 3], [2, -1, 0.5, 0.3, 1.5, -0.7, -0.4, 0.8, 3]);

    private static Dense Batched(Dense a, Dense b) => Dense.Of(
        [a.Shape[0], a.Shape[1], b.Shape[2]], i => Enumerable.Range(0, a.Shape[2]).Sum(k => a[i[0], i[1], k] * b[i[0], k, i[2]]));

    private static IEnumerable<Operation> Products() =>
    [
        Row.Of(s_left, s_right, Reference.Product, (a, b) => a.matmul(b), (a, b) => a.mm(b), (a, b) => einsum("ij,jk->ik", a, b), (a, b) => a.tensordot(b, [1], [0]), (a, b) => linalg.multi_dot([a, b])),
        Row.Of(Dense.Real(-1, 1, 2, 2, 3), Dense.Real(-1, 2, 2, 3, 2), Batched, (a, b) => a.bmm(b), (a, b) => a.matmul(b)),
        Row.Of(s_left, Dense.Real(-1, 2, 3), (a, b) => Dense.Of([2], i => Enumerable.Range(0, 3).Sum(k => a[i[0], k] * b[k])), (a, b) => a.mv(b), (a, b) => a.inner(b), (a, b) => a.matmul(b)),
        Row.Of(Dense.Real(-1, 1, 4), Dense.Real(-1, 2, 4), (a, b) => Dense.Scalar(a.Values.Zip(b.Values, (x, y) => x * y).Sum()), (a, b) => a.dot(b), (a, b) => a.vdot(b), (a, b) => linalg.vecdot(a, b)),
        Row.Of(Dense.Real(-1, 1, 2), Dense.Real(-1, 2, 3), (a, b) => Dense.Of([2, 3], i => a[i[0]] * b[i[1]]), (a, b) => a.outer(b)),
        Row.Of(s_left, Dense.Real(-1, 2, 2, 2), (a, b) => Dense.Of([4, 6], i => a[i[0] / 2, i[1] / 2] * b[i[0] % 2, i[1] % 2]), (a, b) => a.kron(b)),
        Row.Of(Dense.Real(-1, 1, 2, 3), Dense.Real(-1, 2, 2, 3), (a, b) => Dense.Of([2, 3], i =>
            (a[i[0], (i[1] + 1) % 3] * b[i[0], (i[1] + 2) % 3]) - (a[i[0], (i[1] + 2) % 3] * b[i[0], (i[1] + 1) % 3])), (a, b) => linalg.cross(a, b)),
        Row.Of(Dense.Real(-1, 1, 2, 4), s_left, s_right, (c, a, b) => c.Zip(Reference.Product(a, b), (x, y) => (0.5 * x) + (2 * y)), (c, a, b) => c.addmm(a, b, 0.5f, 2), (c, a, b) => c.addmm_(a, b, 0.5f, 2)),
        Row.Of(Dense.Real(-1, 1, 2), s_left, Dense.Real(-1, 2, 3), (c, a, b) => Dense.Of([2], i => (0.5 * c[i]) + (2 * Enumerable.Range(0, 3).Sum(k => a[i[0], k] * b[k]))), (c, a, b) => c.addmv(a, b, 0.5f, 2)),
        Row.Of(Dense.Real(-1, 1, 2, 3), Dense.Real(-1, 1, 2), Dense.Real(-1, 2, 3), (c, a, b) => Dense.Of([2, 3], i => (0.5 * c[i]) + (2 * a[i[0]] * b[i[1]])), (c, a, b) => c.addr(a, b, 0.5f, 2)),
        Row.Of(Dense.Real(-1, 1, 2, 2, 2), Dense.Real(-1, 1, 2, 2, 3), Dense.Real(-1, 2, 2, 3, 2), (c, a, b) => c.Zip(Batched(a, b), (x, y) => (0.5 * x) + (2 * y)), (c, a, b) => c.baddbmm(a, b, 0.5f, 2)),
        Row.Of(Dense.Real(-1, 1, 2, 2), Dense.Real(-1, 1, 2, 2, 3), Dense.Real(-1, 2, 2, 3, 2), (c, a, b) => Dense.Of([2, 2], i => (0.5 * c[i]) + (2 * (Batched(a, b)[0, i[0], i[1]] + Batched(a, b)[1, i[0], i[1]]))), (c, a, b) => c.addbmm(a, b, 0.5f, 2)),
        Row.Of(s_left, Dense.Real(-1, 2, 4, 3), Dense.Real(-1, 1, 4), (x, w, b) => Dense.Of([2, 4], i => b[i[1]] + Enumerable.Range(0, 3).Sum(k => x[i[0], k] * w[i[1], k])), (x, w, b) => F.linear(x, w, b)),
        Row.Of(s_left, Dense.Real(-1, 2, 2, 2), Dense.Real(-1, 1, 2, 3, 2), (x, y, w) => Dense.Of([2, 2], i => Enumerable.Range(0, 3).Sum(p => Enumerable.Range(0, 2).Sum(q => x[i[0], p] * w[i[1], p, q] * y[i[0], q]))), (x, y, w) => F.bilinear(x, y, w)),
        Row.Of(s_left, Dense.Real(-1, 2, 2, 3), (a, b) => Dense.Scalar(Math.Sqrt(a.Values.Zip(b.Values, (x, y) => (x - y) * (x - y)).Sum())), (a, b) => a.dist(b)),
        Row.Of(s_left, Dense.Real(-1, 2, 4, 3), (a, b) => Dense.Of([2, 4], i => Math.Sqrt(Enumerable.Range(0, 3).Sum(k => Math.Pow(a[i[0], k] - b[i[1], k], 2)))), (a, b) => cdist(a, b)),
        Row.Of(s_left, Dense.Real(-1, 2, 4, 3), (a, b) => Dense.Of([2, 4], i => Enumerable.Range(0, 3).Sum(k => Math.Abs(a[i[0], k] - b[i[1], k]))), (a, b) => cdist(a, b, 1)),
        Row.Of(s_left, Dense.Real(-1, 2, 2, 3), (a, b) => Dense.Of([2], i => Math.Sqrt(Enumerable.Range(0, 3).Sum(k => Math.Pow(a[i[0], k] - b[i[0], k] + 1e-6, 2)))), (a, b) => F.pairwise_distance(a, b)),
        Row.Of(s_left, Dense.Real(-1, 2, 2, 3), (a, b) => Dense.Of([2], i => Dot(a, b, i[0]) / Math.Sqrt(Dot(a, a, i[0]) * Dot(b, b, i[0]))), (a, b) => F.cosine_similarity(a, b)),
    ];

    private static IEnumerable<Operation> Matrices() =>
    [
        Row.Of(s_square, x => Dense.Scalar(Reference.Solve(x, Reference.Identity(3)).Determinant), x => x.det(), x => linalg.det(x)),
        Row.Of(s_square, x => Dense.Scalar(Math.Log(Reference.Solve(x, Reference.Identity(3)).Determinant)), x => x.logdet()),
        Row.Many(s_square, x => [Dense.Scalar(1), Dense.Scalar(Math.Log(Reference.Solve(x, Reference.Identity(3)).Determinant))], x => { var (sign, log) = linalg.slogdet(x); return [sign, log]; }),
        Row.Of(s_square, x => Reference.Solve(x, Reference.Identity(3)).Solution, x => x.inverse(), x => linalg.inv(x), x => linalg.pinv(x), x => x.matrix_power(-1)),
        Row.Of(s_square, x => Reference.Product(x, Reference.Product(x, x)), x => x.matrix_power(3)),
        Row.Of(s_square.Map(v => v / 4), x => Exponential(x), x => x.matrix_exp()),
        Row.Of(s_square, Dense.Real(-1, 1, 3, 2), (a, b) => Reference.Solve(a, b).Solution, (a, b) => linalg.solve(a, b)),
        Row.Of(s_square, Dense.Real(-1, 1, 2, 3), (a, b) => Reference.Transposed(Reference.Solve(Reference.Transposed(a), Reference.Transposed(b)).Solution), (a, b) => linalg.solve(a, b, left: false)),
        Row.Of(s_square, Dense.Real(-1, 1, 3, 2), (a, b) => Reference.Solve(Dense.Of([3, 3], i => i[0] <= i[1] ? a[i] : 0), b).Solution, (a, b) => linalg.solve_triangular(a, b, upper: true)),
        Row.Of(Dense.Real(-1, 1, 4, 2), Dense.Real(-1, 2, 4, 1), (a, b) => Reference.Solve(Reference.Product(Reference.Transposed(a), a), Reference.Product(Reference.Transposed(a), b)).Solution,
            (a, b) => linalg.lstsq(a, b).Solution),
        Row.Of(s_square, x => Cholesky(Reference.Product(x, Reference.Transposed(x))), x => linalg.cholesky(x.matmul(x.t())), x => x.matmul(x.t()).cholesky()),
        Row.Many(s_square, Householder, x => { var (q, r) = linalg.qr(x); return [q, r]; }),
        Row.Of(new Dense([2, 2], [2, 0.5, 0.5, -1]), x => Eigenvalues(x), x => linalg.eigvalsh(x), x => linalg.eigh(x).Item1),
        Row.Of(new Dense([2, 2], [2, 0.7, -0.3, 1]), x => new Dense([2], [.. Eigenvalues(Reference.Product(Reference.Transposed(x), x)).Values.Reverse().Select(Math.Sqrt)]), x => linalg.svdvals(x), x => linalg.svd(x).S),
        Row.Of(s_square, x => new Dense([3], [x[0, 0], x[1, 1], x[2, 2]]), x => x.diagonal(), x => linalg.diagonal(x)),
        Row.Of(s_square, x => Dense.Scalar(x[0, 0] + x[1, 1] + x[2, 2]), x => x.trace()),
        Row.Of(s_left, x => Dense.Scalar(Norm(x.Values)), x => x.norm(), x => linalg.norm(x), x => linalg.vector_norm(x), x => linalg.norm(x, "fro"), x => linalg.matrix_norm(x)),
        Row.Of(s_left, x => x.Along(1, Norm), x => x.norm(1), x => linalg.vector_norm(x, 2, [1]), x => linalg.norm(x, [1]), x => linalg.norm(x, 2.0, [1])),
        Row.Of(s_left, x => x.Along(1, line => line.Sum(Math.Abs)), x => linalg.vector_norm(x, 1, [1])),
        Row.Of(s_left, x => x.Lines(1, line => [.. line.Select(v => v / Norm(line))]), x => F.normalize(x)),
        Row.Of(Dense.Real(-3, 3, 2, 3), x => x.Lines(1, line => [.. line.Select(v => v * Math.Min(1, 1 / (Norm(line) + 1e-7)))]), x => x.renorm(2, 0, 1)),
    ];

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(value => value * value));

    private static double Dot(Dense a, Dense b, int row) => Enumerable.Range(0, a.Shape[1]).Sum(k => a[row, k] * b[row, k]);

    private static Dense Exponential(Dense x)
    {
        var (term, sum) = (Reference.Identity(3), Reference.Identity(3));
        for (var n = 1; n < 40; n++)
        {
            term = Reference.Product(term, x).Map(value => value / n);
            sum = sum.Zip(term, (a, b) => a + b);
        }

        return sum;
    }

    private static Dense Cholesky(Dense a)
    {
        var lower = new double[9];
        for (var r = 0; r < 3; r++)
        {
            for (var c = 0; c <= r; c++)
            {
                var rest = a[r, c] - Enumerable.Range(0, c).Sum(k => lower[(r * 3) + k] * lower[(c * 3) + k]);
                lower[(r * 3) + c] = r == c ? Math.Sqrt(rest) : rest / lower[(c * 3) + c];
            }
        }

        return new Dense([3, 3], lower);
    }

    // One reflection per column but the last; each turns its column onto the axis with the sign that loses no digits.
    private static Dense[] Householder(Dense x)
    {
        var (q, r) = (Reference.Identity(3), x);
        for (var c = 0; c < 2; c++)
        {
            double[] v = [.. Enumerable.Range(0, 3).Select(row => row < c ? 0 : r[row, c])];
            v[c] += Math.Sign(v[c]) * Norm(v);
            var reflection = Dense.Of([3, 3], i => (i[0] == i[1] ? 1 : 0) - (2 * v[i[0]] * v[i[1]] / v.Sum(value => value * value)));
            (q, r) = (Reference.Product(q, reflection), Reference.Product(reflection, r));
        }

        return [q, r];
    }

    private static Dense Eigenvalues(Dense x)
    {
        var (mean, spread) = ((x[0, 0] + x[1, 1]) / 2, Math.Sqrt((Math.Pow(x[0, 0] - x[1, 1], 2) / 4) + Math.Pow((x[0, 1] + x[1, 0]) / 2, 2)));
        return new Dense([2], [mean - spread, mean + spread]);
    }
}
