using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields;

/// <summary>Surfaces by <see cref="FlexiCubes"/>: a vertex in each crossed cube, placed by the field and by learned weights.</summary>
public sealed class CubeExtractor : ISurfaceExtractor
{
    private readonly CubeGrid _grid;
    private readonly FlexiWeights _weights;

    /// <param name="grid">The grid.</param>
    /// <param name="device">Where the weights live; the CPU by default.</param>
    public CubeExtractor(CubeGrid grid, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(grid);
        using var scope = NewDisposeScope();
        _grid = grid;
        var edges = new EdgeTable(4 * grid.CubeCount);
        for (var cube = 0; cube < grid.CubeCount; cube++)
        {
            foreach (var (a, b) in DualCases.Edges)
            {
                edges.Number(grid.Cubes[(8 * cube) + a], grid.Cubes[(8 * cube) + b]);
            }
        }

        Edges = edges.ToArray();
        // Weights start at 1, and at 1/2 for gamma.
        Weights = [.. new long[][] { [grid.CubeCount, 8], [grid.CubeCount, 12], [grid.CubeCount] }
            .Select(shape => new Parameter(zeros(shape, device: device)))];
        _weights = new FlexiWeights(Weights[0], Weights[1], Weights[2]);
    }

    /// <inheritdoc/>
    public float[] Positions => _grid.Positions;

    /// <inheritdoc/>
    public int[] Edges { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Weights { get; }

    /// <inheritdoc/>
    public ExtractedSurface Extract(Tensor values, Tensor positions, bool training)
    {
        ArgumentNullException.ThrowIfNull(values);
        using var scope = NewDisposeScope();
        // 0 is outside in any case; with a sign it turns no quad over.
        var numbers = Array.ConvertAll(values.detach().cpu().data<float>().ToArray(), value => value == 0 ? float.Epsilon : value);
        var topology = FlexiTopology.Of(_grid.Cubes, numbers);
        if (topology.Quads.Count == 0)
        {
            return new(zeros([0, 3], values.dtype, values.device).MoveToOuterDisposeScope(), [], [], null);
        }

        var surface = FlexiCubes.Extract(topology, values, positions, _weights, training);
        return new(
            surface.Vertices.MoveToOuterDisposeScope(),
            Array.ConvertAll(surface.Faces.cpu().data<long>().ToArray(), vertex => (int)vertex),
            [.. topology.Ends],
            surface.Deviations.mean().MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var weight in Weights)
        {
            weight.Dispose();
        }
    }
}
