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
        var topology = MarchingTopology.Of(grid, values.detach().cpu().data<float>().ToArray());
        return new(MarchingTetrahedra.Vertices(topology, values, positions), topology.Faces, topology.Ends, null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
