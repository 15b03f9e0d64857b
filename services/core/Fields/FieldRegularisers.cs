using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Fields;

/// <summary>Losses that keep a signed distance field well behaved while pictures pull at it.</summary>
public static class FieldRegularisers
{
    /// <summary>
    /// Pulls the two ends of each crossed edge to one sign, which removes floaters and inner shells: the mean over crossed edges of
    /// BCE(sigmoid(s_i), [s_j &gt; 0]) + BCE(sigmoid(s_j), [s_i &gt; 0]); 0 if no edge is crossed.
    /// </summary>
    /// <remarks>Source: Munkberg et al. 2022 (nvdiffrec), arXiv:2111.12503, equation 2.</remarks>
    /// <param name="values">s, one value per grid vertex, [G].</param>
    /// <param name="edges">Both ends of each edge, int64, [E, 2].</param>
    /// <returns>A scalar. The caller disposes it.</returns>
    public static Tensor SignChanges(Tensor values, Tensor edges)
    {
        using var scope = NewDisposeScope();
        var ends = values.index_select(0, edges.reshape(-1)).reshape(-1, 2);                // [E, 2]
        var signs = ends.detach().gt(0).to(values.dtype);
        var crossed = signs.select(1, 0).ne(signs.select(1, 1)).to(values.dtype).unsqueeze(-1);
        var pull = functional.binary_cross_entropy_with_logits(ends, signs.flip(1), reduction: Reduction.None);
        return ((pull * crossed).sum() / crossed.sum().clamp_min(1)).MoveToOuterDisposeScope();
    }

    /// <summary>Keeps the field's slope at 1, as a distance has it: the mean of (|g| - 1)^2.</summary>
    /// <remarks>Source: Gropp et al. 2020, arXiv:2002.10099, equation 2.</remarks>
    /// <param name="slopes">Derivatives of the field with respect to positions, [N, 3].</param>
    /// <returns>A scalar. The caller disposes it.</returns>
    public static Tensor Eikonal(Tensor slopes)
    {
        using var scope = NewDisposeScope();
        return (slopes.norm(-1) - 1).square().mean().MoveToOuterDisposeScope();
    }

    /// <summary>Pulls every vertex to the mean of its neighbours: the mean over vertices and axes of delta^2.</summary>
    /// <remarks>
    /// delta_i = mean_j v_j - v_i, where each face adds both other corners, so that an inner neighbour counts twice. Given the
    /// vertices of the start, only the displacement from there is smoothed. Source: Sorkine 2005, uniform weights; nvdiffrec.
    /// </remarks>
    /// <param name="vertices">v, [P, 3].</param>
    /// <param name="faces">int64, [F, 3].</param>
    /// <param name="start">Vertices whose own shape shall stay, [P, 3].</param>
    /// <returns>A scalar. The caller disposes it.</returns>
    public static Tensor Laplacian(Tensor vertices, Tensor faces, Tensor? start = null)
    {
        using var scope = NewDisposeScope();
        var moved = start is null ? vertices : vertices - start;
        var corners = moved.index_select(0, faces.reshape(-1)).reshape(-1, 3, 3);           // [F, corner, 3]
        var pulls = corners.sum(1, keepdim: true) - corners * 3;                            // both others minus twice itself
        var sums = zeros_like(moved).index_add(0, faces.reshape(-1), pulls.reshape(-1, 3), 1);
        var counts = zeros(moved.shape[0], 1, moved.dtype, moved.device)
            .index_add(0, faces.reshape(-1), ones(faces.numel(), 1, moved.dtype, moved.device), 2);
        return (sums / counts.clamp_min(1)).square().mean().MoveToOuterDisposeScope();
    }

    /// <summary>Turns neighbouring faces the same way: the mean of 1 - cosine of the angle between them; 0 if there are none.</summary>
    /// <remarks>Source: as in PyTorch3D's mesh_normal_consistency. Faces without area have no direction and count as turned by 90 degrees.</remarks>
    /// <param name="vertices">[P, 3].</param>
    /// <param name="faces">int64, [F, 3].</param>
    /// <param name="neighbours">Faces on both sides of each inner edge, int64, [E, 2].</param>
    /// <returns>A scalar. The caller disposes it.</returns>
    public static Tensor NormalConsistency(Tensor vertices, Tensor faces, Tensor neighbours)
    {
        using var scope = NewDisposeScope();
        var corners = vertices.index_select(0, faces.reshape(-1)).reshape(-1, 3, 3);
        var normals = linalg.cross(corners.select(1, 1) - corners.select(1, 0), corners.select(1, 2) - corners.select(1, 0));
        normals = normals / normals.norm(-1, keepdim: true).clamp_min(1e-12);
        var sides = normals.index_select(0, neighbours.reshape(-1)).reshape(-1, 2, 3);
        var turned = 1 - (sides.select(1, 0) * sides.select(1, 1)).sum(-1);                 // [E]
        return (turned.sum() / Math.Max(1, turned.shape[0])).MoveToOuterDisposeScope();
    }
}
