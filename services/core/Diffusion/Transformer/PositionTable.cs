namespace Realiz3D.Mesh.Diffusion;

/// <summary>Sine and cosine positions of a grid of patches; tall and square grids alike.</summary>
/// <remarks>
/// <code>
/// row of the table for patch (r, c) = [ s(c'), s(r') ],   c' = c baseColumns/columns / scale,   r' alike
/// s(p) = [ sin(p w_0), sin(p w_1), ..., cos(p w_0), cos(p w_1), ... ],   w_k = 10000^(-k / (D/4))
/// </code>
/// The column comes first. Source: Dosovitskiy et al. 2020, arXiv:2010.11929, appendix D.4, with the sines of Vaswani et
/// al. 2017 and the division by a scale of Chen et al. 2023 (PixArt-alpha), arXiv:2310.00426. Published tables are
/// square; a tall grid simply has its own base per axis, so that neighbours stay one unit apart.
/// </remarks>
internal static class PositionTable
{
    private const double Period = 10000;

    /// <param name="width">Width of a token, D; a multiple of 4.</param>
    /// <param name="patches">Rows and columns of patches.</param>
    /// <param name="basis">Rows and columns the network was made for: another grid is stretched onto it.</param>
    /// <param name="scale">Positions are divided by it.</param>
    /// <returns>[rows * columns, D], row-major.</returns>
    public static float[] Build(int width, GridSize patches, GridSize basis, double scale)
    {
        var table = new float[patches.Height * patches.Width * width];
        var half = width / 2;
        for (var r = 0; r < patches.Height; r++)
        {
            for (var c = 0; c < patches.Width; c++)
            {
                var row = table.AsSpan(((r * patches.Width) + c) * width, width);
                Encode(c * (double)basis.Width / patches.Width / scale, row[..half]);
                Encode(r * (double)basis.Height / patches.Height / scale, row[half..]);
            }
        }

        return table;
    }

    private static void Encode(double position, Span<float> target)
    {
        var frequencies = target.Length / 2;
        for (var k = 0; k < frequencies; k++)
        {
            var (sin, cos) = Math.SinCos(position * Math.Pow(Period, -(double)k / frequencies));
            target[k] = (float)sin;
            target[frequencies + k] = (float)cos;
        }
    }
}
