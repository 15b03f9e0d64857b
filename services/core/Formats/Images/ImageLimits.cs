namespace Realiz3D.Mesh.Formats;

/// <summary>What an image reader may spend.</summary>
/// <param name="MaxPixels">Most pixels, width x height.</param>
/// <param name="MaxSide">Largest width or height.</param>
public sealed record ImageLimits(long MaxPixels = 64L << 20, int MaxSide = 16384)
{
    internal void Check(string file, long width, long height)
    {
        if (width < 1 || height < 1 || width > MaxSide || height > MaxSide || width * height > MaxPixels)
        {
            throw new MalformedFileException(file, $"{width} x {height} pixels; 1 to {MaxSide} a side and at most {MaxPixels} are read.");
        }
    }
}
