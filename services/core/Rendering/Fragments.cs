using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>The covered pixels of a <see cref="ZBuffer"/>, each with its place on its triangle.</summary>
/// <remarks>
/// Barycentric coordinates carry gradients to the clip-space x, y and w of the triangle's corners. With
/// <c>p_i = (x_i - fx w_i, y_i - fy w_i)</c>, <c>a_0 = p_1 x p_2</c> and so on round, <c>b_i = a_i / (a_0 + a_1 + a_2)</c>,
/// which is perspective-correct by itself. Which triangle a pixel sees is taken as fixed.
/// Places are computed in doubles whatever the type of the vertices: a triangle smaller than a pixel is all cancellation.
/// </remarks>
public sealed class Fragments
{
    private readonly Tensor _weights;       // as Barycentrics, float64
    private readonly Tensor _corners;       // x_i - fx w_i, y_i - fy w_i and w_i, float64, [N, 3 corners, 3]

    private Fragments(Tensor pixels, Tensor vertices, Tensor barycentrics, Tensor weights, Tensor corners, (int Height, int Width) image) =>
        (Pixels, Vertices, Barycentrics, _weights, _corners, Image) = (pixels, vertices, barycentrics, weights, corners, image);

    /// <summary>Pixel number counted over all views, [N], int64.</summary>
    public Tensor Pixels { get; }

    /// <summary>Mesh vertices of the pixel's triangle, [N, 3], int64.</summary>
    public Tensor Vertices { get; }

    /// <summary>Weights of the three corners, summing to 1, [N, 3], of the clip-space vertices' type.</summary>
    public Tensor Barycentrics { get; }

    /// <summary>Rows and columns of a view.</summary>
    public (int Height, int Width) Image { get; }

    /// <summary>Number of covered pixels, N.</summary>
    public long Count => Pixels.shape[0];

    /// <summary>Places the covered pixels on their triangles. The tensors belong to the caller's scope.</summary>
    /// <param name="buffer">What each pixel sees.</param>
    /// <param name="clip">Clip-space vertices per view, [V, P, 4], or [1, P, 4] where all views share them.</param>
    /// <param name="faces">Vertices of the triangles, [F, 3].</param>
    public static Fragments Of(ZBuffer buffer, Tensor clip, int[] faces)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentNullException.ThrowIfNull(clip);
        ArgumentNullException.ThrowIfNull(faces);
        using var scope = NewDisposeScope();
        var (pixels, vertices, rows, centres) = Collect(buffer, clip.shape[0] == 1 ? 0 : clip.shape[1], faces);
        var gathered = clip.to(ScalarType.Float64).reshape(-1, 4).index_select(0, tensor(rows, device: clip.device)).reshape(pixels.Length, 3, 4);
        var w = gathered.narrow(2, 3, 1);                                                           // [N, 3, 1]
        var middle = tensor(centres, [pixels.Length, 1, 2], device: clip.device);
        var corners = cat([gathered.narrow(2, 0, 2) - middle * w, w], 2);                           // [N, 3, 3]
        var areas = Crosses(corners, 0, 1);                                                         // a_i
        var weights = areas / areas.sum(1, keepdim: true);
        return new Fragments(
            tensor(pixels, device: clip.device).MoveToOuterDisposeScope(),
            tensor(vertices, [pixels.Length, 3], device: clip.device).MoveToOuterDisposeScope(),
            weights.to_type(clip.dtype).alias().MoveToOuterDisposeScope(),
            weights.MoveToOuterDisposeScope(),
            corners.MoveToOuterDisposeScope(),
            (buffer.Height, buffer.Width));
    }

    /// <summary>Some of the fragments. The tensors belong to the caller's scope.</summary>
    /// <param name="index">Which, int64, [M].</param>
    public Fragments Select(Tensor index) => new(
        Pixels.index_select(0, index), Vertices.index_select(0, index), Barycentrics.index_select(0, index),
        _weights.index_select(0, index), _corners.index_select(0, index), Image);

    /// <summary>Attributes at the pixels: the corners' values weighted by the barycentric coordinates.</summary>
    /// <param name="attributes">One row per mesh vertex, [P, C], or [V, P, C] where each view has its own.</param>
    /// <returns>One row per covered pixel, [N, C].</returns>
    public Tensor Interpolate(Tensor attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        using var scope = NewDisposeScope();
        return (AtCorners(attributes) * Barycentrics.unsqueeze(-1)).sum(1).MoveToOuterDisposeScope();
    }

    /// <summary>Attributes of the three corners, [N, 3, C], from [P, C] or [V, P, C].</summary>
    internal Tensor AtCorners(Tensor attributes)
    {
        using var scope = NewDisposeScope();
        var (rows, channels) = (Vertices, attributes.shape[^1]);
        if (attributes.dim() == 3 && attributes.shape[0] > 1)
        {
            rows = rows + (Pixels.div(Image.Height * Image.Width, RoundingMode.floor) * attributes.shape[1]).unsqueeze(1);
        }

        return attributes.reshape(-1, channels).index_select(0, rows.flatten()).reshape(Count, 3, channels).MoveToOuterDisposeScope();
    }

    /// <summary>How fast the first two barycentric coordinates change with the pixel's centre in clip units, float64, [N, 2] each.</summary>
    internal (Tensor AlongX, Tensor AlongY) Slopes()
    {
        using var scope = NewDisposeScope();
        var total = Crosses(_corners, 0, 1).sum(1, keepdim: true);      // S, [N, 1]
        return scope.MoveToOuter(
            Slope(Crosses(_corners, 1, 2)),                             // da_i/dfx = y_j w_k - w_j y_k
            Slope(Crosses(_corners, 2, 0)));                            // da_i/dfy = w_j x_k - x_j w_k

        Tensor Slope(Tensor areas) => ((areas - _weights * areas.sum(1, keepdim: true)) / total).narrow(1, 0, 2);
    }

    // For each corner i the cross product of two components of corners i + 1 and i + 2, [N, 3].
    private static Tensor Crosses(Tensor corners, int one, int other)
    {
        var (a, b) = (corners.select(2, one), corners.select(2, other));
        return a.roll(-1, 1) * b.roll(1, 1) - b.roll(-1, 1) * a.roll(1, 1);
    }

    private static (long[] Pixels, long[] Vertices, long[] Corners, double[] Centres) Collect(
        ZBuffer buffer, long perView, int[] faces)
    {
        var (triangles, height, width) = (buffer.Triangles, buffer.Height, buffer.Width);
        var count = triangles.Length - triangles.AsSpan().Count(-1);
        var (pixels, centres) = (new long[count], new double[2 * count]);
        var (vertices, corners) = (new long[3 * count], new long[3 * count]);
        var next = 0;
        for (var pixel = 0; pixel < triangles.Length; pixel++)
        {
            if (triangles[pixel] < 0)
            {
                continue;
            }

            pixels[next] = pixel;
            (centres[2 * next], centres[2 * next + 1]) = buffer.Centre(pixel / width % height, pixel % width);
            for (var k = 0; k < 3; k++)
            {
                vertices[3 * next + k] = faces[3 * triangles[pixel] + k];
                corners[3 * next + k] = pixel / (height * width) * perView + vertices[3 * next + k];
            }

            next++;
        }

        return (pixels, vertices, corners, centres);
    }
}
