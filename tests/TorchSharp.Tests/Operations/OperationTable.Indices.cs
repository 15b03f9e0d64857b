using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.TorchSharp.Tests.Operations;

using static Realiz3D.Mesh.Testing.OnDevice;

internal static partial class OperationTable
{
    private static readonly Dense s_rows = Dense.Whole([2], 2, 0);
    private static readonly Dense s_grid = Dense.Real(-2, 2, 3, 4);
    private static readonly Dense s_patch = Dense.Real(5, 9, 2, 4);
    private static readonly Dense s_odd = Dense.Of([3, 4], i => (i[0] + i[1]) % 2, ScalarType.Bool);

    private static Dense Changed(Dense x, Func<int[], bool> where, Func<int[], double> to) => Dense.Of(x.Shape, i => where(i) ? to(i) : x[i], x.Type);

    // The row of s_patch that goes to row r of s_grid, by s_rows.
    private static double Sent(Dense patch, int[] i) => patch[i[0] == 2 ? 0 : 1, i[1]];

    private static IEnumerable<Operation> Indices() =>
    [
        Row.Of(s_grid, s_rows, (x, _) => Dense.Of([2, 4], i => x[i[0] == 0 ? 2 : 0, i[1]]), (x, rows) => x.index_select(0, rows), (x, rows) => x[rows], (x, rows) => x.index(rows), (x, rows) => x[TensorIndex.Tensor(rows)], (x, rows) => x.index(TensorIndex.Tensor(rows), TensorIndex.Colon)),
        Row.Of(s_grid, x => Dense.Scalar(x[2, 1]), x => x[2, 1]),
        Row.Of(s_solid, x => Dense.Scalar(x[1, 2, 3]), x => x[1, 2, 3]),
        Row.Of(s_solid, x => Dense.Scalar(x[1, 2, 3]), x => x.unsqueeze(0)[0, 1, 2, 3]),
        Row.Of(s_solid, x => Dense.Of([1, 2, 2], i => x[i[1], 1, (2 * i[2]) + 1]), x => x[TensorIndex.None, TensorIndex.Colon, TensorIndex.Single(1), TensorIndex.Slice(1, null, 2)], x => x[TensorIndex.Null, TensorIndex.Ellipsis, 1, TensorIndex.Slice(1, 4, 2)]),
        Row.Of(s_grid, s_odd, (x, mask) => new Dense([6], [.. x.Values.Where((_, i) => mask.Values[i] > 0)]), (x, mask) => x.masked_select(mask), (x, mask) => x[mask]),
        Row.Of(s_grid, x => Changed(x, i => i[0] == 1, _ => 7), x => { x[1] = tensor(7.0); return x; }, x => { x[TensorIndex.Single(1)] = tensor(7.0); return x; }, x => x.index_put_(tensor(7.0), TensorIndex.Single(1))),
        Row.Of(s_grid, x => Changed(x, i => i is [1, 2], _ => 7), x => { x[1, 2] = tensor(7.0); return x; }),
        Row.Of(s_solid, x => Changed(x, i => i is [1, 2, 0], _ => 7), x => { x[1, 2, 0] = tensor(7.0); return x; }),
        Row.Of(Dense.Real(-2, 2, 1, 2, 3, 4), x => Changed(x, i => i is [0, 1, 2, 0], _ => 7), x => { x[0, 1, 2, 0] = tensor(7.0); return x; }),
        Row.Of(s_grid, s_patch, (x, patch) => Changed(x, i => i[0] != 1, i => Sent(patch, i)), (x, patch) => { x[tensor(new[] { 2L, 0 })] = patch; return x; },
            (x, patch) => x.index_put_(patch, tensor(new[] { 2L, 0 })), (x, patch) => x.index_put_(patch, TensorIndex.Tensor(tensor(new[] { 2L, 0 }))),
            (x, patch) => x.index_copy(0, tensor(new[] { 2L, 0 }), patch), (x, patch) => x.index_copy_(0, tensor(new[] { 2L, 0 }), patch)),
        Row.Of(s_grid, s_patch, (x, patch) => Changed(x, i => i[0] != 1, i => x[i] + Sent(patch, i)), (x, patch) => x.index_put_(patch, [tensor(new[] { 2L, 0 })], accumulate: true)),
        Row.Of(s_grid, s_patch, (x, patch) => Changed(x, i => i[0] != 1, i => x[i] + (3 * Sent(patch, i))), (x, patch) => x.index_add(0, tensor(new[] { 2L, 0 }), patch, 3), (x, patch) => x.index_add_(0, tensor(new[] { 2L, 0 }), patch, 3)),
        Row.Of(s_grid, s_rows, (x, _) => Changed(x, i => i[0] != 1, _ => 7), (x, rows) => x.index_fill(0, rows, 7), (x, rows) => x.index_fill_(0, rows, 7)),
        Row.Of(s_grid, s_patch, (x, patch) => Changed(x, i => i[0] != 1, i => Math.Max(x[i], Sent(patch, i))), (x, patch) => index_reduce(x, 0, tensor(new[] { 2L, 0 }), patch, Reduce.amax)).Flat(),
    ];

    private static IEnumerable<Operation> Places() =>
    [
        Row.Of(s_grid, Dense.Whole([2, 4], 0, 1, 2, 1, 2, 2, 0, 1), (x, at) => Dense.Of([2, 4], i => x[(int)at[i], i[1]]), (x, at) => x.gather(0, at), (x, at) => x.take_along_dim(at, 0)),
        Row.Of(s_grid, Dense.Whole([3], 11, 0, 5), (x, at) => Dense.Of([3], i => x.Values[(int)at[i]]), (x, at) => x.take(at), (x, at) => x.take_along_dim(at)),
        Row.Of(s_grid, Dense.Whole([2, 4], 0, 1, 2, 1, 2, 0, 0, 2), s_patch, (x, at, patch) => Scattered(x, at, patch, (_, b) => b), (x, at, patch) => x.scatter(0, at, patch), (x, at, patch) => x.scatter_(0, at, patch)),
        Row.Of(s_grid, Dense.Whole([2, 4], 0, 1, 2, 1, 0, 2, 0, 0), s_patch, (x, at, patch) => Scattered(x, at, patch, (a, b) => a + b), (x, at, patch) => x.scatter_add(0, at, patch), (x, at, patch) => x.scatter_add_(0, at, patch)),
        Row.Of(s_grid, s_odd, (x, mask) => Changed(x, i => mask[i] > 0, _ => 7), (x, mask) => x.masked_fill(mask, 7), (x, mask) => x.masked_fill_(mask, 7)),
        Row.Of(s_grid, s_odd, Dense.Real(5, 9, 6), (x, mask, y) => Changed(x, i => mask[i] > 0, i => y[((i[0] * 4) + i[1]) / 2]), (x, mask, y) => x.masked_scatter(mask, y), (x, mask, y) => x.masked_scatter_(mask, y)),
        Row.Of(s_grid, Dense.Real(5, 9, 4), (x, y) => Changed(x, i => i[0] == 1, i => y[i[1]]), (x, y) => x.select_scatter(y, 0, 1)),
        Row.Of(s_grid, Dense.Real(5, 9, 3, 2), (x, y) => Changed(x, i => i[1] % 2 == 1, i => y[i[0], i[1] / 2]), (x, y) => x.slice_scatter(y, 1, 1, null, 2)),
        Row.Of(s_grid, Dense.Real(5, 9, 3), (x, y) => Changed(x, i => i[0] == i[1], i => y[i[0]]), (x, y) => x.diagonal_scatter(y)),
        Row.Of(s_grid, Dense.Real(5, 9, 3, 4), (_, y) => y, (x, y) => x.copy_(y)),
        Row.Of(Dense.Whole([2, 2], 0, 3, 4, 0), _ => Dense.Whole([2, 2], 0, 1, 1, 0), x => x.nonzero(), x => x.argwhere()).Flat(),
        Row.Many(Dense.Whole([2, 2], 0, 3, 4, 0), _ => [Dense.Whole([2], 0, 1), Dense.Whole([2], 1, 0)], x => [.. x.nonzero_as_list()], x => where(x)) with { Smooth = false },
    ];

    private static Dense Scattered(Dense x, Dense at, Dense patch, Func<double, double, double> f)
    {
        var values = (double[])x.Values.Clone();
        foreach (var (row, column) in from row in Enumerable.Range(0, 2) from column in Enumerable.Range(0, 4) select (row, column))
        {
            ref var target = ref values[((int)at[row, column] * 4) + column];
            target = f(target, patch[row, column]);
        }

        return new Dense(x.Shape, values);
    }
}
