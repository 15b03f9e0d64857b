using System.Numerics;
using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>How an environment stands round the object.</summary>
/// <param name="RotationDegrees">Turns it about the y axis, the way azimuth grows: a lamp at azimuth a goes to a + rotation.</param>
/// <param name="Exposure">In stops: radiance times 2 ^ exposure.</param>
public sealed record EnvironmentPlacement(double RotationDegrees = 0, double Exposure = 0);

/// <summary>Linear radiance from all round, as the texels of a <see cref="CubeMap"/>.</summary>
/// <remarks>
/// A texel holds the mean of radiance over its solid angle, by samples on an even grid of the face: one at (x, y) of the face stands for a solid
/// angle in proportion to (x^2 + y^2 + 1)^(-3/2). Rotation is applied to the source, before it is sampled, so it costs no sharpness.
/// </remarks>
/// <param name="Size">Rows and columns of a face, R.</param>
/// <param name="Texels">Radiance, [6, R, R, 3].</param>
public sealed record EnvironmentMap(int Size, float[] Texels)
{
    /// <summary>Widest and tallest picture that is read, in pixels.</summary>
    public const int MaxHdrSide = 4096;

    private const int SamplesPerSide = 4;
    private const int MostPixelsPerTexel = 2;

    /// <summary>Samples a function of direction.</summary>
    /// <param name="radiance">Linear radiance in a unit direction.</param>
    /// <param name="size">Rows and columns of a face, R.</param>
    /// <param name="placement">How it stands; as it is when null.</param>
    public static EnvironmentMap Of(Func<Vector3, Vector3> radiance, int size, EnvironmentPlacement? placement = null)
    {
        ArgumentNullException.ThrowIfNull(radiance);
        return Sample(radiance, size, SamplesPerSide, placement ?? new EnvironmentPlacement());
    }

    /// <summary>Samples a picture of the whole sphere, row 0 straight up, its middle column towards -z.</summary>
    /// <param name="image">Linear radiance, twice as wide as it is tall; no value below 0.</param>
    /// <param name="size">Rows and columns of a face, R.</param>
    /// <param name="placement">How it stands; as it is when null.</param>
    /// <remarks>
    /// Pixels far smaller than a texel are joined first. Samples then lie at most a quarter of a pixel apart, so that a lamp of one pixel keeps its energy.
    /// </remarks>
    public static EnvironmentMap Of(HdrImage image, int size, EnvironmentPlacement? placement = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        while (image.Width > MostPixelsPerTexel * 4 * size && image.Width % 4 == 0)     // a turn round the horizon is 4 faces
        {
            image = LatLongImage.Halve(image);
        }

        var source = new LatLongImage(image);
        // In the middle of a face a texel is 2 / R wide, a pixel 2 pi / W.
        var samples = (int)Math.Ceiling(4 * image.Width / (Math.PI * size));
        return Sample(source.Radiance, size, Math.Max(SamplesPerSide, samples), placement ?? new EnvironmentPlacement());
    }

    /// <summary>Reads a Radiance picture of the whole sphere under limits.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="MalformedFileException">It is broken, too large, or not twice as wide as it is tall.</exception>
    public static HdrImage ReadHdr(ReadOnlySpan<byte> bytes, string name)
    {
        var image = Hdr.Read(bytes, name, new ImageLimits(MaxHdrSide * MaxHdrSide / 2, MaxHdrSide));
        return image.Width == 2 * image.Height
            ? image
            : throw new MalformedFileException(
                name, $"a picture of the whole sphere is twice as wide as it is tall, this one is {image.Width} x {image.Height}.");
    }

    /// <summary>The texels as <see cref="EnvironmentLight.Of"/> wants them, [6, R, R, 3]; the caller disposes the tensor.</summary>
    public Tensor ToTensor() => tensor(Texels, [6, Size, Size, 3]);

    private static EnvironmentMap Sample(Func<Vector3, Vector3> radiance, int size, int samples, EnvironmentPlacement placement)
    {
        var gain = Math.Pow(2, placement.Exposure);
        var (sine, cosine) = Math.SinCos(placement.RotationDegrees * Math.PI / 180);
        var texels = new float[6 * size * size * 3];
        Parallel.For(0, 6 * size, line =>
        {
            var (face, row) = (line / size, line % size);
            for (var column = 0; column < size; column++)
            {
                var (sum, weights) = ((X: 0.0, Y: 0.0, Z: 0.0), 0.0);
                for (var i = 0; i < samples * samples; i++)
                {
                    var across = (2 * (column + (((i % samples) + 0.5) / samples)) / size) - 1;
                    var down = (2 * (row + (((i / samples) + 0.5) / samples)) / size) - 1;
                    var (x, y, z) = CubeTexels.Direction(face, across, down);
                    var length = Math.Sqrt((x * x) + (y * y) + (z * z));
                    // Against the rotation: what is now in this direction was there before it.
                    var (fromX, fromZ) = ((x * cosine) - (z * sine), (x * sine) + (z * cosine));
                    var light = radiance(new Vector3((float)(fromX / length), (float)(y / length), (float)(fromZ / length)));
                    var weight = 1 / (length * length * length);
                    sum = (sum.X + (weight * light.X), sum.Y + (weight * light.Y), sum.Z + (weight * light.Z));
                    weights += weight;
                }

                var at = 3 * ((line * size) + column);
                var scale = gain / weights;
                (texels[at], texels[at + 1], texels[at + 2]) = ((float)(sum.X * scale), (float)(sum.Y * scale), (float)(sum.Z * scale));
            }
        });
        return new EnvironmentMap(size, texels);
    }
}
