using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>A picture of the whole sphere, read between its pixels; <see cref="CubeMap.LatLong"/> says where directions lie on it.</summary>
/// <remarks>Towards the poles pixels become narrow. There each row is averaged along itself until its pixels are as wide as they are tall.</remarks>
internal sealed class LatLongImage
{
    private readonly HdrImage _image;

    /// <summary>Prepares a picture.</summary>
    /// <param name="image">Row 0 straight up, the middle column towards -z, twice as wide as it is tall.</param>
    public LatLongImage(HdrImage image)
    {
        _image = image with { Rgb = new float[image.Rgb.Length] };
        Parallel.For(0, image.Height, row => Widen(
            image.Rgb.AsSpan(3 * row * image.Width, 3 * image.Width),
            _image.Rgb.AsSpan(3 * row * image.Width, 3 * image.Width),
            1 / Math.Sin((row + 0.5) / image.Height * Math.PI)));
    }

    /// <summary>Joins 2 x 2 pixels, each as its solid angle counts: in a row between two polar angles the difference of their cosines.</summary>
    /// <param name="image">Of even width and height.</param>
    public static HdrImage Halve(HdrImage image)
    {
        var half = new HdrImage(image.Width / 2, image.Height / 2, new float[image.Rgb.Length / 4]);
        for (var row = 0; row < half.Height; row++)
        {
            double Cosine(int edge) => Math.Cos(((2 * row) + edge) * Math.PI / image.Height);
            var share = (float)((Cosine(0) - Cosine(1)) / (Cosine(0) - Cosine(2)));
            for (var i = 0; i < 3 * half.Width; i++)
            {
                var upper = (2 * row * 3 * image.Width) + (i / 3 * 6) + (i % 3);
                var lower = upper + (3 * image.Width);
                half.Rgb[(3 * row * half.Width) + i] =
                    ((image.Rgb[upper] + image.Rgb[upper + 3]) * share / 2) + ((image.Rgb[lower] + image.Rgb[lower + 3]) * (1 - share) / 2);
            }
        }

        return half;
    }

    /// <summary>Radiance in a unit direction: the four nearest pixels, round the sphere and over its poles.</summary>
    public Vector3 Radiance(Vector3 direction)
    {
        var column = (((Math.Atan2(direction.X, -direction.Z) / (2 * Math.PI)) + 0.5) * _image.Width) - 0.5;
        var row = (Math.Acos(Math.Clamp(direction.Y, -1, 1)) / Math.PI * _image.Height) - 0.5;
        var (left, top) = ((int)Math.Floor(column), (int)Math.Floor(row));
        var (right, lower) = ((float)(column - left), (float)(row - top));
        return Vector3.Lerp(
            Vector3.Lerp(Pixel(left, top), Pixel(left + 1, top), right),
            Vector3.Lerp(Pixel(left, top + 1), Pixel(left + 1, top + 1), right),
            lower);
    }

    private Vector3 Pixel(int column, int row)
    {
        if (row < 0 || row >= _image.Height)     // beyond a pole lies the other side
        {
            (row, column) = (Math.Clamp(row, 0, _image.Height - 1), column + (_image.Width / 2));
        }

        var at = 3 * ((row * _image.Width) + (((column % _image.Width) + _image.Width) % _image.Width));
        return new Vector3(_image.Rgb[at], _image.Rgb[at + 1], _image.Rgb[at + 2]);
    }

    // The mean over a window of some pixels, not a whole number of them, round the sphere.
    private static void Widen(ReadOnlySpan<float> row, Span<float> result, double window)
    {
        var width = row.Length / 3;
        var sums = new double[width + 1];
        for (var c = 0; c < 3; c++)
        {
            for (var x = 0; x < width; x++)
            {
                sums[x + 1] = sums[x] + row[(3 * x) + c];
            }

            for (var x = 0; x < width; x++)
            {
                result[(3 * x) + c] = (float)((Integral(sums, x + 0.5 + (window / 2)) - Integral(sums, x + 0.5 - (window / 2))) / window);
            }
        }
    }

    // Of the row from its start to a place, which may lie beyond its ends.
    private static double Integral(double[] sums, double place)
    {
        var width = sums.Length - 1;
        var turns = Math.Floor(place / width);
        var within = place - (turns * width);
        var whole = Math.Min((int)within, width - 1);
        return (turns * sums[width]) + sums[whole] + ((within - whole) * (sums[whole + 1] - sums[whole]));
    }
}
