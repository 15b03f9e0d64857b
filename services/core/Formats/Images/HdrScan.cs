namespace Realiz3D.Mesh.Formats;

/// <summary>Takes the scan lines of a Radiance picture apart, and writes them.</summary>
internal ref struct HdrScan(ReadOnlySpan<byte> bytes, int width, string file)
{
    private const int ShortestRuns = 8;
    private const int LongestRuns = 0x7FFF;

    private readonly byte[] _line = new byte[4 * width];
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The next line, [W, 4] as red, green, blue, exponent; the array is used again for the next one.</summary>
    public byte[] Next()
    {
        if (width is >= ShortestRuns and <= LongestRuns && _rest.Length >= 4 && _rest[0] == 2 && _rest[1] == 2
            && ((_rest[2] << 8) | _rest[3]) == width)
        {
            _rest = _rest[4..];
            for (var channel = 0; channel < 4; channel++)
            {
                Runs(channel);
            }
        }
        else
        {
            Pixels();
        }

        return _line;
    }

    /// <summary>One line; four runs of channels, or plain pixels where the width does not allow that.</summary>
    public static void Write(MemoryStream stream, byte[] line)
    {
        var width = line.Length / 4;
        if (width is < ShortestRuns or > LongestRuns)
        {
            stream.Write(line);
            return;
        }

        stream.Write([2, 2, (byte)(width >> 8), (byte)width]);
        for (var channel = 0; channel < 4; channel++)
        {
            for (var x = 0; x < width;)
            {
                var run = Same(line, channel, x);
                if (run >= 3)
                {
                    stream.Write([(byte)(128 + run), line[(4 * x) + channel]]);
                    x += run;
                    continue;
                }

                var end = x + 1;
                while (end < width && end - x < 128 && Same(line, channel, end) < 3)
                {
                    end++;
                }

                stream.WriteByte((byte)(end - x));
                for (; x < end; x++)
                {
                    stream.WriteByte(line[(4 * x) + channel]);
                }
            }
        }
    }

    private static int Same(byte[] line, int channel, int x)
    {
        var end = x + 1;
        while (end < line.Length / 4 && end - x < 127 && line[(4 * end) + channel] == line[(4 * x) + channel])
        {
            end++;
        }

        return end - x;
    }

    private void Runs(int channel)
    {
        for (var x = 0; x < width;)
        {
            var code = Take(1)[0];
            var count = code > 128 ? code - 128 : code;
            if (count == 0 || count > width - x)
            {
                throw new MalformedFileException(file, "a run of the Radiance picture leaves its line.");
            }

            var values = Take(code > 128 ? 1 : count);
            for (var i = 0; i < count; i++)
            {
                _line[(4 * x++) + channel] = values[code > 128 ? 0 : i];
            }
        }
    }

    /// <summary>Plain pixels; 1, 1, 1, n repeats the one before n times, and n x 256 times right after another such.</summary>
    private void Pixels()
    {
        var shift = 0;
        for (var x = 0; x < width;)
        {
            var pixel = Take(4);
            if (x > 0 && pixel[0] == 1 && pixel[1] == 1 && pixel[2] == 1)
            {
                var count = shift > 16 ? int.MaxValue : pixel[3] << shift;
                if (count > width - x)
                {
                    throw new MalformedFileException(file, "a run of the Radiance picture leaves its line.");
                }

                for (var end = x + count; x < end; x++)
                {
                    _line.AsSpan(4 * (x - 1), 4).CopyTo(_line.AsSpan(4 * x));
                }

                shift += 8;
            }
            else
            {
                pixel.CopyTo(_line.AsSpan(4 * x++));
                shift = 0;
            }
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_rest.Length < count)
        {
            throw new MalformedFileException(file, "the Radiance picture is truncated.");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
