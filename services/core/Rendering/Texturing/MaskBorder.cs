namespace Realiz3D.Mesh.Rendering;

/// <summary>How deep inside a mask each pixel lies.</summary>
internal static class MaskBorder
{
    private const float Straight = 1;
    private const float Diagonal = 1.41421356f;

    /// <summary>Distance in pixels to the nearest pixel with alpha below 0.5 or outside the image; 0 outside the mask.</summary>
    /// <remarks>Two chamfer passes, at most 8 % off the Euclidean distance (Borgefors 1986).</remarks>
    public static float[] Distances(ReadOnlySpan<float> alpha, int size)
    {
        var wide = size + 2; // a frame of zeros: the world outside the image
        var distance = new float[wide * wide];
        for (var i = 0; i < alpha.Length; i++)
        {
            distance[(((i / size) + 1) * wide) + (i % size) + 1] = alpha[i] >= 0.5f ? float.MaxValue : 0;
        }

        for (var y = 1; y <= size; y++)
        {
            for (var x = 1; x <= size; x++)
            {
                Relax(distance, (y * wide) + x, -1, -wide, -wide - 1, -wide + 1);
            }
        }

        for (var y = size; y >= 1; y--)
        {
            for (var x = size; x >= 1; x--)
            {
                Relax(distance, (y * wide) + x, 1, wide, wide + 1, wide - 1);
            }
        }

        var result = new float[size * size];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = distance[(((i / size) + 1) * wide) + (i % size) + 1];
        }

        return result;
    }

    private static void Relax(float[] distance, int at, int side, int above, int cornerA, int cornerB)
    {
        var near = Math.Min(distance[at + side], distance[at + above]) + Straight;
        var far = Math.Min(distance[at + cornerA], distance[at + cornerB]) + Diagonal;
        distance[at] = Math.Min(distance[at], Math.Min(near, far));
    }
}
