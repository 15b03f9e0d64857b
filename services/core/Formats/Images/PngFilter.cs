namespace Realiz3D.Mesh.Formats;

/// <summary>The five row filters. Source: W3C, Portable Network Graphics (third edition), section 9.</summary>
internal static class PngFilter
{
    /// <summary>Turns a filtered row into bytes, in place.</summary>
    public static void Undo(string file, int filter, byte[] row, byte[] above, int pixelBytes)
    {
        if (filter is < 0 or > 4)
        {
            throw new MalformedFileException(file, $"row filter {filter} does not exist.");
        }

        for (var i = 0; i < row.Length; i++)
        {
            row[i] += Predict(filter, row, above, i, pixelBytes);
        }
    }

    /// <summary>Writes the filtered row; what is subtracted comes from unfiltered neighbours.</summary>
    public static void Apply(int filter, byte[] row, byte[] above, int pixelBytes, Span<byte> filtered)
    {
        for (var i = 0; i < row.Length; i++)
        {
            filtered[i] = (byte)(row[i] - Predict(filter, row, above, i, pixelBytes));
        }
    }

    private static byte Predict(int filter, byte[] row, byte[] above, int i, int pixelBytes)
    {
        var a = i >= pixelBytes ? row[i - pixelBytes] : 0;
        var b = above[i];
        return filter switch
        {
            0 => 0,
            1 => (byte)a,
            2 => b,
            3 => (byte)((a + b) / 2),
            _ => Paeth(a, b, i >= pixelBytes ? above[i - pixelBytes] : 0),
        };
    }

    private static byte Paeth(int a, int b, int c)
    {
        var p = a + b - c;
        var (toA, toB, toC) = (Math.Abs(p - a), Math.Abs(p - b), Math.Abs(p - c));
        return (byte)(toA <= toB && toA <= toC ? a : toB <= toC ? b : c);
    }
}
