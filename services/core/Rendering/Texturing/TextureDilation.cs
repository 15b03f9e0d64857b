using System.Numerics;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Gives colour to the texels that no triangle uses, so that filters and mip maps find nothing foreign there.</summary>
/// <remarks>
/// Rings of texels take the mean of their coloured neighbours; what is left is filled by push-pull (Gortler et al. 1996,
/// "The lumigraph", section 3.4.2): halve the picture over what is coloured, fill the half, read back.
/// </remarks>
internal static class TextureDilation
{
    /// <summary>Colours every texel.</summary>
    /// <param name="colors">[S, S], S a power of two; changed in place.</param>
    /// <param name="used">Which texels have a colour, [S, S]; at least one.</param>
    /// <param name="size">S.</param>
    /// <param name="rings">Rings to grow before push-pull.</param>
    public static void Fill(Vector3[] colors, bool[] used, int size, int rings)
    {
        var filled = (bool[])used.Clone();
        for (var ring = 0; ring < rings; ring++)
        {
            Grow(colors, filled, size);
        }

        PushPull(colors, filled, size);
    }

    private static void Grow(Vector3[] colors, bool[] filled, int size)
    {
        var added = new List<int>();
        for (var pixel = 0; pixel < filled.Length; pixel++)
        {
            if (filled[pixel])
            {
                continue;
            }

            var (sum, count) = (Vector3.Zero, 0);
            for (var step = 0; step < 9; step++)
            {
                var (x, y) = ((pixel % size) + (step % 3) - 1, (pixel / size) + (step / 3) - 1);
                if (x >= 0 && y >= 0 && x < size && y < size && filled[(y * size) + x])
                {
                    sum += colors[(y * size) + x];
                    count++;
                }
            }

            if (count > 0)
            {
                colors[pixel] = sum / count; // not read in this pass: it is not marked yet
                added.Add(pixel);
            }
        }

        foreach (var pixel in added)
        {
            filled[pixel] = true;
        }
    }

    private static void PushPull(Vector3[] colors, bool[] filled, int size)
    {
        if (size == 1 || Array.TrueForAll(filled, texel => texel))
        {
            return;
        }

        var half = size / 2;
        var (coarse, known) = (new Vector3[half * half], new bool[half * half]);
        for (var pixel = 0; pixel < coarse.Length; pixel++)
        {
            var (sum, count) = (Vector3.Zero, 0);
            for (var child = 0; child < 4; child++)
            {
                var at = (((2 * (pixel / half)) + (child / 2)) * size) + (2 * (pixel % half)) + (child % 2);
                sum += filled[at] ? colors[at] : Vector3.Zero;
                count += filled[at] ? 1 : 0;
            }

            coarse[pixel] = count > 0 ? sum / count : Vector3.Zero;
            known[pixel] = count > 0;
        }

        PushPull(coarse, known, half);
        for (var pixel = 0; pixel < filled.Length; pixel++)
        {
            if (!filled[pixel])
            {
                colors[pixel] = coarse[(pixel / size / 2 * half) + (pixel % size / 2)];
            }
        }
    }
}
