namespace Realiz3D.Mesh.Shaping;

/// <summary>Signed distance in the image to the outline of one view's mask: negative inside, in pixels.</summary>
/// <remarks>
/// Alpha is enlarged <see cref="Scale"/> times (bilinear between pixel centres), cut at 1/2, and measured exactly both ways
/// by the parabola envelopes of Felzenszwalb and Huttenlocher 2012 ("Distance transforms of sampled functions").
/// </remarks>
internal sealed class MaskDistance
{
    /// <summary>Samples per pixel, along rows and along columns.</summary>
    public const int Scale = 4;

    // The half width reaches this far beyond the outline, in pixels, so that the field just outside knows it too.
    private const double Reach = 3;

    private readonly float[] _distances;
    private readonly Lazy<float[]> _halfWidths;
    private readonly int _side;

    /// <param name="alpha">Coverage of the view, [H, W], H = W.</param>
    /// <param name="size">Rows and columns.</param>
    public MaskDistance(ReadOnlySpan<float> alpha, int size)
    {
        Size = size;
        _side = size * Scale;
        var inside = new bool[_side * _side];
        for (var i = 0; i < inside.Length; i++)
        {
            inside[i] = Bilinear(alpha, size, Image(i % _side), Image(i / _side)) > 0.5;
        }

        var outward = Transform(inside, true);
        var inward = Transform(inside, false);
        _distances = new float[inside.Length];
        for (var i = 0; i < inside.Length; i++)
        {
            // The outline runs half a sample from the centres on either side of it.
            _distances[i] = (inside[i] ? 0.5f - MathF.Sqrt(inward[i]) : MathF.Sqrt(outward[i]) - 0.5f) / Scale;
        }

        _halfWidths = new(HalfWidths);
    }

    /// <summary>Rows and columns of the view.</summary>
    public int Size { get; }

    /// <summary>Distance at a continuous image position. Beyond the image's edge it grows with the way to the edge.</summary>
    /// <param name="column">Continuous column; the first pixel's centre is 0.5.</param>
    /// <param name="row">Continuous row, 0 at the top.</param>
    public double At(double column, double row)
    {
        var (x, y) = (Math.Clamp(column, 0, Size), Math.Clamp(row, 0, Size));
        var beyond = Math.Sqrt((column - x) * (column - x) + (row - y) * (row - y));
        return Bilinear(_distances, _side, x * Scale, y * Scale) + beyond;
    }

    /// <summary>
    /// Radius of the largest disc within the mask that holds the position, or comes near it; pixels, 0 far from the mask.
    /// </summary>
    /// <param name="column">Continuous column; the first pixel's centre is 0.5.</param>
    /// <param name="row">Continuous row, 0 at the top.</param>
    public double HalfWidthAt(double column, double row) => Bilinear(_halfWidths.Value, Size, column, row);

    // Every pixel of the mask stamps its inscribed disc, a little enlarged; the largest radius stays.
    private float[] HalfWidths()
    {
        var widths = new float[Size * Size];
        for (var pixel = 0; pixel < widths.Length; pixel++)
        {
            var (row, column) = (pixel / Size, pixel % Size);
            var radius = -At(column + 0.5, row + 0.5);
            var reach = (int)Math.Ceiling(radius + Reach);
            for (var y = Math.Max(0, row - reach); radius > 0 && y <= Math.Min(Size - 1, row + reach); y++)
            {
                for (var x = Math.Max(0, column - reach); x <= Math.Min(Size - 1, column + reach); x++)
                {
                    var square = (x - column) * (x - column) + (y - row) * (y - row);
                    if (square <= (radius + Reach) * (radius + Reach))
                    {
                        widths[y * Size + x] = Math.Max(widths[y * Size + x], (float)radius);
                    }
                }
            }
        }

        return widths;
    }

    // Continuous image position of a sample's centre.
    private static double Image(int sample) => (sample + 0.5) / Scale;

    private static double Bilinear(ReadOnlySpan<float> values, int side, double column, double row)
    {
        var (x, y) = (Math.Clamp(column - 0.5, 0, side - 1), Math.Clamp(row - 0.5, 0, side - 1));
        var (left, top) = (Math.Min((int)x, side - 2), Math.Min((int)y, side - 2));
        var (right, low) = (x - left, y - top);
        var at = top * side + left;
        return (values[at] * (1 - right) + values[at + 1] * right) * (1 - low)
            + (values[at + side] * (1 - right) + values[at + side + 1] * right) * low;
    }

    // Squared distance, in samples, to the nearest sample whose mark equals `target`.
    private float[] Transform(bool[] marks, bool target)
    {
        var far = 4f * _side * _side;
        var squares = Array.ConvertAll(marks, mark => mark == target ? 0f : far);
        var (line, result) = (new float[_side], new float[_side]);
        var (apexes, limits) = (new int[_side], new double[_side + 1]);
        for (var pass = 0; pass < 2; pass++)
        {
            var (step, stride) = pass == 0 ? (_side, 1) : (1, _side);
            for (var i = 0; i < _side; i++)
            {
                for (var j = 0; j < _side; j++)
                {
                    line[j] = squares[i * stride + j * step];
                }

                Envelope(line, result, apexes, limits);
                for (var j = 0; j < _side; j++)
                {
                    squares[i * stride + j * step] = result[j];
                }
            }
        }

        return squares;
    }

    // result[q] = min over p of (q - p)^2 + line[p]: the lower envelope of the parabolas rooted at each p.
    private static void Envelope(float[] line, float[] result, int[] apexes, double[] limits)
    {
        var last = 0;
        (apexes[0], limits[0], limits[1]) = (0, double.NegativeInfinity, double.PositiveInfinity);
        for (var q = 1; q < line.Length; q++)
        {
            var meet = Meet(line, apexes[last], q);
            while (meet <= limits[last])
            {
                meet = Meet(line, apexes[--last], q);
            }

            (apexes[++last], limits[last], limits[last + 1]) = (q, meet, double.PositiveInfinity);
        }

        for (int q = 0, k = 0; q < line.Length; q++)
        {
            while (limits[k + 1] < q)
            {
                k++;
            }

            result[q] = (q - apexes[k]) * (q - apexes[k]) + line[apexes[k]];
        }
    }

    private static double Meet(float[] line, int p, int q) =>
        (line[q] + (double)q * q - line[p] - (double)p * p) / (2 * (q - p));
}
