using Realiz3D.Mesh.Diffusion;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>Makes the gray behind an object transparent in pictures that have no alpha.</summary>
/// <remarks>
/// Background is what is near mid gray and hangs together with the picture's border; gray inside the object stays. Where the object
/// begins, alpha rises with the distance to gray.
/// </remarks>
internal static class GrayBackground
{
    /// <summary>Up to this distance of the farthest colour from gray a pixel may be background.</summary>
    private const float Near = 0.03f;

    /// <summary>From this distance on a pixel beside the background is all object.</summary>
    private const float Far = 0.10f;

    /// <summary>Pictures to views.</summary>
    /// <param name="images">sRGB code values in [0, 1], [N, 3, h, w], on the CPU.</param>
    /// <returns>Linear RGB with straight alpha, [N, 4, h, w], contiguous. The caller disposes it.</returns>
    public static Tensor ToViews(Tensor images)
    {
        using var scope = NewDisposeScope();
        var (n, height, width) = ((int)images.shape[0], (int)images.shape[2], (int)images.shape[3]);
        var distances = (images - 0.5).abs().amax([1]).contiguous().data<float>().ToArray();       // [N, h, w]
        var alpha = new float[distances.Length];
        for (var i = 0; i < n; i++)
        {
            var of = i * height * width;
            Fill(distances.AsSpan(of, height * width), alpha.AsSpan(of, height * width), width);
        }

        var opacity = tensor(alpha, [n, 1, height, width]);
        var painted = cat([(images * 2) - 1, (opacity * 2) - 1], 1);
        return PaintedViews.ToViews(painted).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Walks inwards from the border over gray pixels; the first others that it meets are the object's edge.</summary>
    private static void Fill(ReadOnlySpan<float> distance, Span<float> alpha, int width)
    {
        var height = distance.Length / width;
        var met = new bool[distance.Length];
        var open = new Queue<int>();
        void Meet(int x, int y)
        {
            if (x >= 0 && x < width && y >= 0 && y < height && !met[(y * width) + x])
            {
                met[(y * width) + x] = true;
                open.Enqueue((y * width) + x);
            }
        }

        for (var x = 0; x < width; x++)
        {
            Meet(x, 0);
            Meet(x, height - 1);
        }

        for (var y = 0; y < height; y++)
        {
            Meet(0, y);
            Meet(width - 1, y);
        }

        alpha.Fill(1);
        while (open.TryDequeue(out var pixel))
        {
            alpha[pixel] = Math.Clamp((distance[pixel] - Near) / (Far - Near), 0, 1);
            if (alpha[pixel] == 0)
            {
                var (y, x) = Math.DivRem(pixel, width);
                Meet(x - 1, y);
                Meet(x + 1, y);
                Meet(x, y - 1);
                Meet(x, y + 1);
            }
        }
    }
}
