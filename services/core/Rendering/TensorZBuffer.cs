using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Which triangle each pixel sees, found in tensor operations on any device; <see cref="ZBuffer"/> is its twin on the CPU.</summary>
/// <remarks>
/// 1. Edge functions, depth coefficients and bounds of all triangles. 2. A fragment for each pixel within a triangle's bounds, some million at a
/// time. 3. Fragments whose pixel's centre the triangle covers. 4. Least depth of each pixel, and the lowest triangle that has it, as two
/// <c>index_reduce(amin)</c>. The numbers are computed in doubles and in the same order as the twin's, so both agree to the bit.
/// </remarks>
/// <param name="Triangles">Triangle at each pixel, -1 where there is none, int64, [V, H, W]. Row 0 is at the top.</param>
/// <param name="Depths">z / w at each pixel, infinity where there is no triangle, float32, [V, H, W].</param>
public sealed record TensorZBuffer(Tensor Triangles, Tensor Depths)
{
    private const long FragmentsAtATime = 1 << 21;
    private const long None = long.MaxValue;

    /// <summary>Draws the same triangles into several views.</summary>
    /// <param name="clip">Clip-space vertices per view, [V, P, 4]; no gradient flows through the choice of triangles.</param>
    /// <param name="faces">Vertices of the triangles, int64, [F, 3].</param>
    /// <param name="height">Rows of a view, H.</param>
    /// <param name="width">Columns of a view, W.</param>
    public static TensorZBuffer Draw(Tensor clip, Tensor faces, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(clip);
        ArgumentNullException.ThrowIfNull(faces);
        using var untracked = no_grad();
        using var scope = NewDisposeScope();
        var views = clip.unbind(0).Select(view => DrawView(view.detach(), faces, height, width)).ToArray();
        var triangles = stack(views.Select(view => where(view.Triangles == None, full_like(view.Triangles, -1), view.Triangles)));
        var depths = stack(views.Select(view => view.Depths));
        return new TensorZBuffer(
            triangles.reshape(-1, height, width).MoveToOuterDisposeScope(), depths.reshape(-1, height, width).MoveToOuterDisposeScope());
    }

    private static (Tensor Triangles, Tensor Depths) DrawView(Tensor clip, Tensor faces, int height, int width)
    {
        var set = TriangleSet.Of(clip.index_select(0, faces.flatten()).reshape(-1, 3, 4).to(ScalarType.Float64), height, width);
        var depths = full(height * width, double.PositiveInfinity, dtype: ScalarType.Float32, device: clip.device);
        var triangles = full(height * width, None, dtype: ScalarType.Int64, device: clip.device);
        var counts = set.Counts.cpu().data<long>().ToArray();
        for (var first = 0; first < counts.Length;)
        {
            var (last, fragments) = (first, 0L);
            do
            {
                fragments += counts[last++];
            }
            while (last < counts.Length && fragments + counts[last] <= FragmentsAtATime);

            if (fragments > 0)
            {
                using var scope = NewDisposeScope();
                var (pixels, numbers, depth) = Fragments(set, first, last - first, height, width);
                Merge(pixels, numbers, depth);
                (triangles, depths) = scope.MoveToOuter(triangles, depths);
            }

            first = last;
        }

        return (triangles, depths);

        void Merge(Tensor pixels, Tensor numbers, Tensor depth)
        {
            var nearest = index_reduce(depths, 0, pixels, depth, Reduce.amin);
            var standing = where(nearest < depths, full_like(triangles, None), triangles);
            var winners = (depth == nearest.index_select(0, pixels)).nonzero().squeeze(1);
            triangles = index_reduce(standing, 0, pixels.index_select(0, winners), numbers.index_select(0, winners), Reduce.amin);
            depths = nearest;
        }
    }

    // Pixels that triangles cover: pixel number, triangle and depth of each, [N].
    private static (Tensor Pixels, Tensor Triangles, Tensor Depths) Fragments(TriangleSet set, long first, long count, int height, int width)
    {
        var counts = set.Counts.narrow(0, first, count);
        var number = arange(first, first + count, device: counts.device).repeat_interleave(counts);                 // [N]
        var place = arange(number.shape[0], device: counts.device) - (counts.cumsum(0) - counts).repeat_interleave(counts);
        var bounds = set.Bounds.index_select(0, number);                                                            // [N, 3]
        var span = bounds.select(1, 2);
        var row = bounds.select(1, 1) + place.div(span, RoundingMode.floor);
        var column = bounds.select(1, 0) + place % span;

        var x = ((column * 2).to(ScalarType.Float64) + 1) / width - 1;
        var y = 1 - ((row * 2).to(ScalarType.Float64) + 1) / height;
        var edges = set.Edges.index_select(0, number);                                                              // [N, 3, 3]
        var values = edges.select(2, 0) * x.unsqueeze(1) + edges.select(2, 1) * y.unsqueeze(1) + edges.select(2, 2);  // [N, 3]
        var owned = (values > 0).logical_or((values == 0).logical_and(set.OwnsEdges.index_select(0, number))).all(1);
        var (z, a) = (set.Depths.index_select(0, number).unbind(1), values.unbind(1));
        var depth = (z[0] * a[0] + z[1] * a[1] + z[2] * a[2]).to(ScalarType.Float32);
        var covered = owned.logical_and(depth >= -1).logical_and(depth <= 1).nonzero().squeeze(1);
        return (
            (row * width + column).index_select(0, covered), number.index_select(0, covered), depth.index_select(0, covered));
    }
}
