using Realiz3D.Mesh.Fields;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Shaping;

/// <summary>The shape that is fitted: the soft visual hull plus a displacement, on a tetrahedral grid.</summary>
/// <remarks>
/// The displacement is what the optimiser changes: a <see cref="MultiScaleVolume"/> for large moves, which outlives a
/// change of grid, and one number per grid vertex for detail. Only the part of the grid in and near the hull exists. Its rim stays outside, which keeps the surface
/// closed.
/// </remarks>
internal sealed class ShapeField : IDisposable
{
    // The grid reaches this many cells beyond the hull.
    private const double MarginCells = 3;

    // Vertices on the rim never come closer to the surface than this, metres.
    private const float RimDistance = 1e-3f;

    private readonly Tensor _start;
    private readonly Tensor _positions;
    private readonly Tensor _floor;
    private readonly Tensor _firstEnds;
    private readonly Tensor _secondEnds;
    private readonly Tensor _degrees;
    private readonly MultiScaleVolume _volume;
    private readonly double _cell;

    /// <param name="hull">The shape to start from.</param>
    /// <param name="cells">Cells along each side of the grid.</param>
    /// <param name="half">Half the side of the grid's cube.</param>
    /// <param name="volume">The coarse part of the displacement; the caller keeps it alive and disposes it.</param>
    public ShapeField(VisualHull hull, int cells, double half, MultiScaleVolume volume)
    {
        using var scope = NewDisposeScope();
        _cell = 2 * half / cells;
        _volume = volume;
        float[] everywhere = [];
        (Grid, var old) = BccGrid.Create(cells, half, positions =>
        {
            everywhere = hull.Values(positions);
            return Array.ConvertAll(everywhere, value => value < MarginCells * _cell);
        });

        var start = Array.ConvertAll(old, vertex => everywhere[vertex]);
        _start = scope.Detach(tensor(start, device: volume.Device));
        _floor = scope.Detach(tensor(Floor(start, half), device: volume.Device));
        _positions = scope.Detach(tensor(Grid.Positions, [Grid.VertexCount, 3], device: volume.Device));
        var ends = tensor(Grid.Edges, [Grid.EdgeCount, 2], device: volume.Device).to_type(ScalarType.Int64);
        _firstEnds = scope.Detach(ends.select(1, 0).contiguous());
        _secondEnds = scope.Detach(ends.select(1, 1).contiguous());
        var one = ones(Grid.EdgeCount, device: volume.Device);
        _degrees = scope.Detach(zeros_like(_start).index_add(0, _firstEnds, one, 1).index_add(0, _secondEnds, one, 1));
        Detail = new Parameter(zeros_like(_start));
    }

    /// <summary>The grid.</summary>
    public TetrahedralGrid Grid { get; }

    /// <summary>The fine part, [G].</summary>
    public Parameter Detail { get; }

    /// <summary>Positions of the grid's vertices, [G, 3].</summary>
    public Tensor Positions => _positions;

    /// <summary>The field at the grid's vertices, metres, negative inside, [G].</summary>
    public Tensor Values()
    {
        using var scope = NewDisposeScope();
        return maximum(_start + _volume.At(_positions).squeeze(1) + Detail, _floor).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// How rough and how large the displacement is: mean square of its umbrella Laplacian, in cells, plus a little of itself.
    /// </summary>
    /// <param name="values">From <see cref="Values"/>.</param>
    public Tensor Roughness(Tensor values)
    {
        using var scope = NewDisposeScope();
        var displacement = (values - _start) / _cell;
        var along = displacement.index_select(0, _secondEnds) - displacement.index_select(0, _firstEnds);
        var laplacian = zeros_like(displacement).index_add(0, _firstEnds, along, 1).index_add(0, _secondEnds, along, -1) / _degrees;
        return (laplacian.square().mean() + 0.01 * displacement.square().mean()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Tensor[] owned = [_start, _positions, _floor, _firstEnds, _secondEnds, _degrees, Detail];
        Array.ForEach(owned, tensor => tensor.Dispose());
    }

    private float[] Floor(float[] start, double half)
    {
        var floor = new float[start.Length];
        for (var i = 0; i < floor.Length; i++)
        {
            var p = Grid.Positions.AsSpan(3 * i, 3);
            var reach = Math.Max(Math.Abs(p[0]), Math.Max(Math.Abs(p[1]), Math.Abs(p[2])));
            var onRim = start[i] >= MarginCells * _cell || reach > half - 0.5 * _cell;
            floor[i] = onRim ? RimDistance : float.NegativeInfinity;
        }

        return floor;
    }
}
