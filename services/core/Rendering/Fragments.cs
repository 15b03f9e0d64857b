using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>The covered pixels of a <see cref="ZBuffer"/>, each with its place on its triangle.</summary>
/// <remarks>
/// Barycentric coordinates carry gradients to the clip-space x, y and w of the triangle's corners. With
/// <c>p_i = (x_i - fx w_i, y_i - fy w_i)</c>, <c>a_0 = p_1 x p_2</c> and so on round, <c>b_i = a_i / (a_0 + a_1 + a_2)</c>,
/// which is perspective-correct by itself. Which triangle a pixel sees is taken as fixed.
/// </remarks>
/// <param name="Pixels">Pixel number counted over all views, [N], int64.</param>
/// <param name="Vertices">Mesh vertices of the pixel's triangle, [N, 3], int64.</param>
/// <param name="Barycentrics">Weights of the three corners, summing to 1, [N, 3].</param>
public sealed record Fragments(Tensor Pixels, Tensor Vertices, Tensor Barycentrics)
{
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
        var (pixels, vertices, corners, centres) = Collect(buffer, clip.shape[0] == 1 ? 0 : clip.shape[1], faces);
        var gathered = clip.reshape(-1, 4).index_select(0, tensor(corners, device: clip.device));   // [N * 3, 4]
        var barycentrics = Place(
            gathered.reshape(pixels.Length, 3, 4),
            tensor(centres, [pixels.Length, 2], device: clip.device).to_type(clip.dtype));
        var (first, second, third) = scope.MoveToOuter(
            tensor(pixels, device: clip.device),
            tensor(vertices, [pixels.Length, 3], device: clip.device),
            barycentrics);
        return new Fragments(first, second, third);
    }

    /// <summary>Attributes at the pixels: the corners' values weighted by the barycentric coordinates.</summary>
    /// <param name="attributes">One row per mesh vertex, [P, C].</param>
    /// <returns>One row per covered pixel, [N, C].</returns>
    public Tensor Interpolate(Tensor attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        using var scope = NewDisposeScope();
        var corners = attributes.index_select(0, Vertices.flatten()).reshape(Count, 3, -1);         // [N, 3, C]
        return (corners * Barycentrics.unsqueeze(-1)).sum(1).MoveToOuterDisposeScope();             // [N, C]
    }

    private static Tensor Place(Tensor corners, Tensor centres)
    {
        var w = corners.select(2, 3);                                   // [N, 3]
        var x = corners.select(2, 0) - centres.narrow(1, 0, 1) * w;     // [N, 3]
        var y = corners.select(2, 1) - centres.narrow(1, 1, 1) * w;     // [N, 3]
        var (nextX, nextY) = (x.roll(-1, 1), y.roll(-1, 1));            // corner i + 1
        var (lastX, lastY) = (x.roll(1, 1), y.roll(1, 1));              // corner i + 2
        var areas = nextX * lastY - nextY * lastX;                      // [N, 3], a_i
        return areas / areas.sum(1, keepdim: true);
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
