using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields;

/// <summary>The zero surface of a field on a cube grid by dual vertices, differentiable in field, positions and weights.</summary>
/// <remarks>
/// <code>
/// u_e = (x_i alpha_j s_j - x_j alpha_i s_i) / (alpha_j s_j - alpha_i s_i)     v = sum beta_e u_e / sum beta_e
/// deviation_e = | |v - c_e| - mean over e |     with c_e the crossing without alpha
/// </code>
/// In training each quad is cut into four triangles round a middle, the mean of both diagonals' middles by the products of gamma at
/// their ends; otherwise into two along the diagonal with the greater product. Source: Shen et al. 2023, arXiv:2308.05371, section 4
/// and appendix. Which edges are crossed is taken as fixed.
/// </remarks>
public static class FlexiCubes
{
    /// <summary>Extracts the surface.</summary>
    /// <param name="topology">Which edges are crossed.</param>
    /// <param name="values">The field, negative inside, one value per grid vertex, [G].</param>
    /// <param name="positions">Positions of the grid's vertices, [G, 3].</param>
    /// <param name="weights">Weights of the cubes.</param>
    /// <param name="training">Whether quads get a middle.</param>
    /// <returns>The surface; the caller disposes its tensors.</returns>
    public static FlexiSurface Extract(
        FlexiTopology topology, Tensor values, Tensor positions, FlexiWeights weights, bool training)
    {
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentNullException.ThrowIfNull(weights);
        using var scope = NewDisposeScope();
        var (terms, device) = (topology.Terms, values.device);
        Tensor Index(IEnumerable<int> numbers) => tensor(numbers.Select(n => (long)n).ToArray(), device: device);
        var cubes = topology.VertexCubes.Count == 0 ? 1 : topology.VertexCubes.Max() + 1;

        // 1. Where the field crosses the edges, and where it seems to from each cube.
        var ends = Index(topology.Ends);
        var x = positions.index_select(0, ends).reshape(-1, 2, 3);                          // [X, 2, 3]
        var s = values.index_select(0, ends).reshape(-1, 2, 1);
        var crossing = Index(terms.Select(term => term.Crossing));
        var alpha = weights.AlphaOf(values, cubes).reshape(-1).index_select(0, Index(terms.SelectMany(Corners)));
        var seen = Cross(x.index_select(0, crossing), s.index_select(0, crossing) * alpha.reshape(-1, 2, 1));   // [K, 3]

        // 2. Dual vertices: weighted means.
        var vertex = Index(terms.Select(term => term.Vertex));
        var beta = weights.BetaOf(values, cubes).reshape(-1)
            .index_select(0, Index(terms.Select(term => (12 * term.Cube) + term.Edge))).unsqueeze(-1);
        Tensor Sum(Tensor rows) =>
            zeros([topology.VertexCubes.Count, .. rows.shape[1..]], rows.dtype, device).index_add(0, vertex, rows, 1);
        var dual = Sum(seen * beta) / Sum(beta);                                            // [P, 3]

        // 3. Deviations.
        var apart = (Cross(x, s).index_select(0, crossing) - dual.index_select(0, vertex)).norm(1);
        var mean = Sum(apart) / Sum(ones_like(apart));
        var deviations = (apart - mean.index_select(0, vertex)).abs();

        // 4. Quads to triangles.
        var quads = Index(topology.Quads).reshape(-1, 4);
        var gamma = weights.GammaOf(values, cubes).index_select(0, Index(topology.VertexCubes)).index_select(0, quads.reshape(-1));
        var (vertices, faces) = Cut(dual, quads, gamma.reshape(-1, 4), training);
        return new(
            vertices.MoveToOuterDisposeScope(), faces.MoveToOuterDisposeScope(), deviations.MoveToOuterDisposeScope());

        static IEnumerable<int> Corners((int Cube, int Edge, int Vertex, int Crossing) term) =>
            [(8 * term.Cube) + DualCases.Edges[term.Edge].A, (8 * term.Cube) + DualCases.Edges[term.Edge].B];
    }

    private static (Tensor Vertices, Tensor Faces) Cut(Tensor dual, Tensor quads, Tensor gamma, bool training)
    {
        var first = gamma.select(1, 0) * gamma.select(1, 2);                                // [Q]
        var second = gamma.select(1, 1) * gamma.select(1, 3);
        Tensor Corners(params long[] order) => quads.index_select(1, tensor(order, device: quads.device));
        if (!training)
        {
            var halves = where(first.gt(second).unsqueeze(-1), Corners(0, 1, 2, 0, 2, 3), Corners(0, 1, 3, 3, 1, 2));
            return (dual, halves.reshape(-1, 3));
        }

        var corners = dual.index_select(0, quads.reshape(-1)).reshape(-1, 4, 3);
        var (across, other) = ((corners.select(1, 0) + corners.select(1, 2)) / 2, (corners.select(1, 1) + corners.select(1, 3)) / 2);
        var middles = (across * first.unsqueeze(-1) + other * second.unsqueeze(-1)) / (first + second + 1e-8).unsqueeze(-1);
        var numbers = arange(quads.shape[0], ScalarType.Int64, quads.device) + dual.shape[0];
        var sides = Corners(0, 1, 1, 2, 2, 3, 3, 0).reshape(-1, 4, 2);
        var faces = cat([sides, numbers.reshape(-1, 1, 1).expand(-1, 4, 1)], -1);
        return (cat([dual, middles]), faces.reshape(-1, 3));
    }

    /// <summary>Where a linear field between two ends is 0.</summary>
    private static Tensor Cross(Tensor x, Tensor s)
    {
        var (first, second) = (s.select(1, 0), s.select(1, 1));
        return (x.select(1, 0) * second - x.select(1, 1) * first) / (second - first);
    }
}
