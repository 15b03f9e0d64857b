using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields;

/// <summary>Surfaces by <see cref="MarchingTetrahedra"/>: a vertex on each crossed edge, nothing but the field to learn.</summary>
/// <param name="grid">The grid.</param>
public sealed class TetrahedralExtractor(TetrahedralGrid grid) : ISurfaceExtractor
{
    /// <inheritdoc/>
    public float[] Positions => grid.Positions;

    /// <inheritdoc/>
    public int[] Edges => grid.Edges;

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Weights => [];

    /// <inheritdoc/>
    public ExtractedSurface Extract(Tensor values, Tensor positions, bool training)
    {
        ArgumentNullException.ThrowIfNull(values);
        using var scope = NewDisposeScope();
        var topology = MarchingTopology.Of(grid, values.detach().cpu().data<float>().ToArray());
        var vertices = MarchingTetrahedra.Vertices(topology, values, positions);
        return new(vertices.MoveToOuterDisposeScope(), topology.Faces, topology.Ends, null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
