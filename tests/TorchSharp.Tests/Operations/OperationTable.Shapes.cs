using static TorchSharp.torch;

namespace Realiz3D.Mesh.TorchSharp.Tests.Operations;

// On the CPU: only shapes are asked of the tensors made here; inputs come from Dense.
internal static partial class OperationTable
{
    private static readonly Dense s_solid = Dense.Real(-2, 2, 2, 3, 4);

    private static IEnumerable<Operation> Shapes() =>
    [
        Row.Of(s_table, x => x.Shaped(4, 2), x => x.view(4, 2), x => x.reshape(4, 2), x => x.view_as(empty(4, 2)), x => x.reshape(-1, 2)),
        Row.Of(s_solid, x => x.Shaped(2, 12), x => x.flatten(1)),
        Row.Of(s_solid, x => x.Shaped(24), x => x.ravel(), x => x.flatten()),
        Row.Of(s_solid, x => x.Shaped(2, 3, 2, 2), x => x.unflatten(-1, 2, 2)),
        Row.Of(s_table, x => x.Shaped(2, 1, 4), x => x.unsqueeze(1), x => x.unsqueeze_(1)),
        Row.Of(Dense.Real(-2, 2, 1, 3, 1), x => x.Shaped(3), x => x.squeeze(), x => x.squeeze_()),
        Row.Of(Dense.Real(-2, 2, 1, 3, 1), x => x.Shaped(1, 3), x => x.squeeze(2), x => x.squeeze_(2)),
        Row.Of(s_solid, x => Dense.Of([4, 2, 3], i => x[i[1], i[2], i[0]]), x => x.permute(2, 0, 1), x => x.movedim([2, 0, 1], [0, 1, 2]), x => x.moveaxis([2, 0, 1], [0, 1, 2])),
        Row.Of(s_solid, x => Dense.Of([2, 4, 3], i => x[i[0], i[2], i[1]]), x => x.transpose(1, 2), x => x.transpose_(1, 2), x => x.swapaxes(1, 2), x => x.swapdims(1, 2), x => x.mT),
        Row.Of(s_table, Reference.Transposed, x => x.t(), x => x.T),
        Row.Of(Dense.Real(-2, 2, 2, 1), x => Dense.Of([2, 3], i => x[i[0], 0]), x => x.expand(2, 3), x => x.expand([2, 3], isImplicit: false), x => x.expand_as(empty(2, 3)), x => x.broadcast_to(2, 3)),
        Row.Of(s_table, x => Dense.Of([4, 8], i => x[i[0] % 2, i[1] % 4]), x => x.repeat(2, 2), x => x.tile([2, 2])),
        Row.Of(s_table, x => Dense.Of([2, 8], i => x[i[0], i[1] / 2]), x => x.repeat_interleave(2, 1)),
        Row.Of(s_table, Dense.Whole([2], 1, 2), (x, _) => Dense.Of([3, 4], i => x[i[0] == 0 ? 0 : 1, i[1]]), (x, counts) => x.repeat_interleave(counts, 0)),
        Row.Of(s_table, x => Dense.Of([2, 4], i => x[i[0], 3 - i[1]]), x => x.flip(1), x => x.fliplr()),
        Row.Of(s_table, x => Dense.Of([2, 4], i => x[1 - i[0], i[1]]), x => x.flip(0), x => x.flipud()),
        Row.Of(s_table, x => Dense.Of([4, 2], i => x[i[1], 3 - i[0]]), x => x.rot90()),
        Row.Of(s_table, x => Dense.Of([2, 4], i => x[i[0], (i[1] + 3) % 4]), x => x.roll(1, 1), x => x.roll([1], [1])),
        Row.Of(Dense.Real(-2, 2, 4), x => Dense.Of([4], i => x[(i[0] + 3) % 4]), x => x.roll([1])),
        Row.Of(Dense.Real(-2, 2, 3, 3), x => Dense.Of([3, 3], i => i[0] >= i[1] ? x[i] : 0), x => x.tril(), x => x.tril_()),
        Row.Of(Dense.Real(-2, 2, 3, 3), x => Dense.Of([3, 3], i => i[1] > i[0] ? x[i] : 0), x => x.triu(1), x => x.triu_(1)),
        Row.Of(Dense.Real(-2, 2, 3), x => Dense.Of([3, 3], i => i[0] == i[1] ? x[i[0]] : 0), x => x.diag(), x => x.diag_embed(), x => x.diagflat()),
        Row.Of(s_solid, x => Dense.Of([4, 2], i => x[i[1], i[1] + 1, i[0]]), x => x.diagonal(1)),
        Row.Of(Dense.Real(-2, 2, 1, 4, 1, 1), x => Dense.Of([1, 4, 1, 1], i => x[0, (i[1] / 2) + (2 * (i[1] % 2)), 0, 0]), x => x.channel_shuffle(2)).Flat(),
    ];

    private static IEnumerable<Operation> Pieces() =>
    [
        Row.Of(s_table, x => Dense.Of([2, 2], i => x[i[0], i[1] + 1]), x => x.narrow(1, 1, 2), x => x.slice(1, 1, 3, 1)),
        Row.Of(s_table, x => Dense.Of([4], i => x[1, i[0]]), x => x.select(0, 1), x => x[1]),
        Row.Of(Dense.Real(-2, 2, 5), x => Dense.Of([2, 3], i => x[(2 * i[0]) + i[1]]), x => x.unfold(0, 3, 2)),
        Row.Many(s_table, x => [Dense.Of([4], i => x[0, i[0]]), Dense.Of([4], i => x[1, i[0]])], x => x.unbind()),
        Row.Many(s_table, x => [Columns(x, 0, 2), Columns(x, 2, 4)], x => x.chunk(2, 1), x => x.split(2, 1), x => x.tensor_split(2, 1)),
        Row.Many(s_table, x => [Columns(x, 0, 1), Columns(x, 1, 4)], x => x.split([1, 3], 1), x => x.tensor_split([1], 1)),
    ];

    private static IEnumerable<Operation> Joins() =>
    [
        Row.Of(s_table, Dense.Real(0, 1, 2, 2), (a, b) => Dense.Of([2, 6], i => i[1] < 4 ? a[i] : b[i[0], i[1] - 4]), (a, b) => cat([a, b], 1), (a, b) => concat([a, b], 1), (a, b) => hstack(a, b), (a, b) => column_stack(a, b)),
        Row.Of(s_table, Dense.Real(0, 1, 1, 4), (a, b) => Dense.Of([3, 4], i => i[0] < 2 ? a[i] : b[0, i[1]]), (a, b) => vstack([a, b]), (a, b) => cat([a, b])),
        Row.Of(s_table, Dense.Real(0, 1, 2, 4), (a, b) => Dense.Of([2, 4, 2], i => (i[2] == 0 ? a : b)[i[0], i[1]]), (a, b) => stack([a, b], -1), (a, b) => dstack(a, b)),
        Row.Of(Dense.Real(0, 1, 1, 2), Dense.Real(0, 1, 2, 1), (a, b) => Dense.Of([3, 3], i => i[0] == 0 && i[1] < 2 ? a[0, i[1]] : i[0] > 0 && i[1] == 2 ? b[i[0] - 1, 0] : 0), (a, b) => block_diag(a, b)),
        Row.Of(Dense.Real(0, 1, 2), Dense.Real(2, 3, 3), (a, b) => Dense.Of([6, 2], i => i[1] == 0 ? a[i[0] / 3] : b[i[0] % 3]), (a, b) => cartesian_prod(a, b)),
        Row.Of(Dense.Real(0, 1, 3), x => Dense.Of([3, 2], i => x[i[1] == 0 ? i[0] / 2 : i[0] == 0 ? 1 : 2]), x => combinations(x)),
        Row.Many([Dense.Real(0, 1, 2), Dense.Real(2, 3, 3)], t => [Dense.Of([2, 3], i => t[0][i[0]]), Dense.Of([2, 3], i => t[1][i[1]])], t => meshgrid(t)),
        Row.Many([Dense.Real(0, 1, 2, 1), Dense.Real(2, 3, 3)], t => [Dense.Of([2, 3], i => t[0][i[0], 0]), Dense.Of([2, 3], i => t[1][i[1]])], t => [.. broadcast_tensors(t)]),
        Row.Of(s_solid, Dense.Real(0, 1, 4), (x, y) => Dense.Of([3, 2], i => Enumerable.Range(0, 4).Sum(k => x[i[1], i[0], k] * y[k])), (x, y) => einsum("nrk,k->rn", x, y)),
    ];

    private static Dense Columns(Dense x, int from, int to) => Dense.Of([x.Shape[0], to - from], i => x[i[0], i[1] + from]);
}
