namespace Realiz3D.Mesh.Formats;

/// <summary>How pixels are weighed when an image is resized; numbers as Pillow's.</summary>
public enum ResampleFilter
{
    /// <summary>The pixel under the centre.</summary>
    Nearest = 0,

    /// <summary>Windowed sinc over three pixels.</summary>
    Lanczos = 1,

    /// <summary>Triangle over one pixel.</summary>
    Bilinear = 2,

    /// <summary>Cubic over two pixels, a = -0.5.</summary>
    Bicubic = 3,

    /// <summary>Mean over half a pixel.</summary>
    Box = 4,

    /// <summary>Windowed sinc over one pixel.</summary>
    Hamming = 5,
}

/// <summary>Resizes 8-bit images with an antialiasing filter.</summary>
/// <remarks>
/// Two passes, rows then columns, each rounded to 8 bits. Where the image shrinks the filter widens by the same factor. Weights sum
/// to 1 and are held with 22 binary places, so that the bytes are those of Pillow's <c>Image.resize</c>.
/// Sources: Pillow's documentation, "Filters"; Keys 1981, "Cubic convolution interpolation for digital image processing", equation 4 with
/// a = -1/2; Turkowski 1990, "Filters for common resampling tasks".
/// </remarks>
public static class PixelResampling
{
    private const int Places = 22;

    /// <summary>Resizes an image.</summary>
    /// <param name="source">Image.</param>
    /// <param name="width">New width.</param>
    /// <param name="height">New height.</param>
    /// <param name="filter">Filter.</param>
    /// <returns>A new image, or the same one if it has that size.</returns>
    public static PixelImage Resize(PixelImage source, int width, int height, ResampleFilter filter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if ((source.Width, source.Height) == (width, height))
        {
            return source;
        }

        if (filter == ResampleFilter.Nearest)
        {
            return Pick(source, Nearest(source.Width, width), Nearest(source.Height, height));
        }

        var wide = width == source.Width ? source : AlongRows(source, width, filter);
        return height == wide.Height ? wide : Transpose(AlongRows(Transpose(wide), height, filter));
    }

    private static PixelImage AlongRows(PixelImage source, int width, ResampleFilter filter)
    {
        var weights = Weights(source.Width, width, filter);
        var channels = source.Channels;
        var result = new PixelImage(width, source.Height, channels, new byte[width * source.Height * channels]);
        for (var y = 0; y < source.Height; y++)
        {
            var row = source.Bytes.AsSpan(y * source.Width * channels, source.Width * channels);
            for (var x = 0; x < width; x++)
            {
                var (first, factors) = weights[x];
                for (var c = 0; c < channels; c++)
                {
                    var sum = 1 << (Places - 1);
                    for (var k = 0; k < factors.Length; k++)
                    {
                        sum += row[((first + k) * channels) + c] * factors[k];
                    }

                    result.Bytes[(((y * width) + x) * channels) + c] = (byte)Math.Clamp(sum >> Places, 0, 255);
                }
            }
        }

        return result;
    }

    /// <summary>For each new pixel the first old one that counts, and the weights from there on.</summary>
    private static (int First, int[] Factors)[] Weights(int from, int to, ResampleFilter filter)
    {
        var scale = (double)from / to;
        var widening = Math.Max(scale, 1);
        var reach = Reach(filter) * widening;
        var weights = new (int, int[])[to];
        for (var x = 0; x < to; x++)
        {
            var centre = (x + 0.5) * scale;
            var first = Math.Max((int)(centre - reach + 0.5), 0);
            var end = Math.Min((int)(centre + reach + 0.5), from);
            var values = Enumerable.Range(first, end - first).Select(i => Weight(filter, (i - centre + 0.5) * (1 / widening))).ToArray();
            var sum = values.Sum();
            weights[x] = (first, [.. values.Select(value => Fixed(sum == 0 ? value : value / sum))]);
        }

        return weights;
    }

    private static int Fixed(double weight) => (int)((weight * (1 << Places)) + (weight < 0 ? -0.5 : 0.5));

    private static double Reach(ResampleFilter filter) => filter switch
    {
        ResampleFilter.Box => 0.5,
        ResampleFilter.Bilinear or ResampleFilter.Hamming => 1,
        ResampleFilter.Bicubic => 2,
        ResampleFilter.Lanczos => 3,
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "Unknown filter."),
    };

    private static double Weight(ResampleFilter filter, double x)
    {
        var d = Math.Abs(x);
        return filter switch
        {
            ResampleFilter.Box => x > -0.5 && x <= 0.5 ? 1 : 0,
            ResampleFilter.Bilinear => d < 1 ? 1 - d : 0,
            ResampleFilter.Hamming => d < 1 ? Sinc(d) * (0.54 + (0.46 * Math.Cos(d * Math.PI))) : 0,
            ResampleFilter.Bicubic when d < 1 => (((1.5 * d) - 2.5) * d * d) + 1,
            ResampleFilter.Bicubic => d < 2 ? (((((-0.5 * d) + 2.5) * d) - 4) * d) + 2 : 0,
            _ => x >= -3 && x < 3 ? Sinc(x) * Sinc(x / 3) : 0,
        };
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);

    /// <summary>Old pixels under the centres of new ones; the steps are summed up, as Pillow sums them.</summary>
    private static int[] Nearest(int from, int to)
    {
        var step = (double)from / to;
        var places = new int[to];
        var place = step * 0.5;
        for (var x = 0; x < to; x++, place += step)
        {
            places[x] = Math.Min((int)place, from - 1);
        }

        return places;
    }

    private static PixelImage Pick(PixelImage source, int[] columns, int[] rows)
    {
        var channels = source.Channels;
        var bytes = new byte[rows.Length * columns.Length * channels];
        for (var i = 0; i < bytes.Length; i++)
        {
            var (pixel, c) = Math.DivRem(i, channels);
            var (y, x) = Math.DivRem(pixel, columns.Length);
            bytes[i] = source.Bytes[(((rows[y] * source.Width) + columns[x]) * channels) + c];
        }

        return new PixelImage(columns.Length, rows.Length, channels, bytes);
    }

    private static PixelImage Transpose(PixelImage source)
    {
        var channels = source.Channels;
        var result = new PixelImage(source.Height, source.Width, channels, new byte[source.Bytes.Length]);
        for (var y = 0; y < source.Height; y++)
        {
            for (var x = 0; x < source.Width; x++)
            {
                source.Bytes.AsSpan(((y * source.Width) + x) * channels, channels)
                    .CopyTo(result.Bytes.AsSpan(((x * source.Height) + y) * channels, channels));
            }
        }

        return result;
    }
}
