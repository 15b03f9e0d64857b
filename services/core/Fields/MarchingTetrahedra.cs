using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields;

/// <summary>The surface where a field on a tetrahedral grid is zero, differentiable in the field and the grid's positions.</summary>
/// <remarks>
/// On a crossed edge (a, b), with values s and positions v: <c>v = (v_a (-s_b) + v_b s_a) / (s_a - s_b)</c>, the linear zero
/// crossing. Shen et al. 2021 (DMTet), arXiv:2111.04276, section 3.1. Which edges are crossed is taken as fixed.
/// </remarks>
public static class MarchingTetrahedra
{
    /// <summary>Places the surface's vertices.</summary>
    /// <param name="topology">Which edges are crossed.</param>
    /// <param name="values">The field, one value per grid vertex, [G].</param>
    /// <param name="positions">Positions of the grid's vertices, [G, 3].</param>
    /// <returns>World positions, [P, 3].</returns>
    public static Tensor Vertices(MarchingTopology topology, Tensor values, Tensor positions)
    {
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(positions);
        using var scope = NewDisposeScope();
        var ends = tensor(topology.Ends, device: values.device).to_type(ScalarType.Int64);
        var s = values.index_select(0, ends).reshape(-1, 2);                // [P, 2]
        var v = positions.index_select(0, ends).reshape(-1, 2, 3);          // [P, 2, 3]
        var (sa, sb) = (s.narrow(1, 0, 1), s.narrow(1, 1, 1));
        var crossing = (v.select(1, 1) * sa - v.select(1, 0) * sb) / (sa - sb);
        return crossing.MoveToOuterDisposeScope();
    }
}
