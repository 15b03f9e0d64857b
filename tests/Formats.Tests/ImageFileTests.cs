using System.Text;

namespace Realiz3D.Mesh.Formats.Tests;

public sealed class ImageFileTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void WriteGray_ComesBackExactly_Widened(int depth)
    {
        var random = new Random(depth);
        ushort[] samples = [.. Enumerable.Range(0, 13 * 7).Select(_ => (ushort)random.Next(1 << depth))];

        var image = Png.Read(Png.WriteGray(samples, 13, 7, depth), "memory");

        var scale = depth < 8 ? 255 / ((1 << depth) - 1) : 1;
        Assert.Equal((13, 7, 1, Math.Max(depth, 8)), (image.Width, image.Height, image.Channels, image.BitDepth));
        Assert.Equal(samples.Select(sample => sample * scale), image.Samples.Select(sample => (int)sample));
        Assert.Throws<ArgumentException>(() => Png.WriteGray([4], 1, 1, 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Write16Bits_ComesBackExactly(int channels)
    {
        var random = new Random(channels);
        var image = new PngImage(5, 6, channels, 16, [.. Enumerable.Range(0, 30 * channels).Select(_ => (ushort)random.Next(65536))]);

        var read = Png.Read(Png.Write(image), "memory");

        Assert.Equal((5, 6, channels, 16), (read.Width, read.Height, read.Channels, read.BitDepth));
        Assert.Equal(image.Samples, read.Samples);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(200)]
    public void WritePalette_ComesBackAsItsColours(int count)
    {
        var random = new Random(count);
        var (colors, indices) = (new byte[3 * count], new byte[11 * 4]);
        random.NextBytes(colors);
        for (var i = 0; i < indices.Length; i++)
        {
            indices[i] = (byte)random.Next(count);
        }

        var opaque = Png.Read(Png.WritePalette(indices, 11, 4, colors), "memory");
        var clear = Png.Read(Png.WritePalette(indices, 11, 4, colors, [7]), "memory");

        Assert.Equal(indices.SelectMany(index => colors[(3 * index)..(3 * index + 3)]), opaque.ToBytes());
        Assert.Equal(indices.Select(index => index == 0 ? (byte)7 : (byte)255), clear.ToBytes().Where((_, i) => i % 4 == 3));
        Assert.Throws<ArgumentException>(() => Png.WritePalette([(byte)count], 1, 1, colors));
    }

    [Fact]
    public void Jpeg_ComesBackNearly()
    {
        var image = Gradient(3);

        var read = ImageFile.Read(Jpeg.Write(image, 95), "memory.jpg");

        Assert.Equal((40, 24, 3), (read.Width, read.Height, read.Channels));
        Assert.True(image.Bytes.Zip(read.Bytes, (a, b) => Math.Abs(a - b)).Max() <= 8);
    }

    [Fact]
    public void WebP_WithoutLoss_KeepsAllButTheLowestBitOfAlpha()
    {
        var image = Gradient(4);

        var read = ImageFile.Read(WebP.Write(image), "memory.webp");

        Assert.Equal((40, 24, 4), (read.Width, read.Height, read.Channels));
        for (var i = 0; i < image.Bytes.Length; i++)
        {
            Assert.InRange(read.Bytes[i] - image.Bytes[i], i % 4 == 3 ? -1 : 0, i % 4 == 3 ? 1 : 0);
        }

        var lossy = WebP.Read(WebP.Write(Gradient(3), 90), "lossy");
        Assert.True(Gradient(3).Bytes.Zip(lossy.Bytes.Where((_, i) => i % 4 != 3), (a, b) => Math.Abs(a - b)).Average() < 4);
    }

    [Fact]
    public void BrokenOrLargeImages_AreRefused()
    {
        var (jpeg, webp) = (Jpeg.Write(Gradient(3)), WebP.Write(Gradient(3)));
        var limits = new ImageLimits(MaxPixels: 959);
        Assert.Contains("40 x 24", Assert.Throws<MalformedFileException>(() => Jpeg.Read(jpeg, "large", limits)).Message, StringComparison.Ordinal);
        Assert.Contains("40 x 24", Assert.Throws<MalformedFileException>(() => WebP.Read(webp, "large", limits)).Message, StringComparison.Ordinal);
        Assert.Throws<MalformedFileException>(() => Jpeg.Read(jpeg.AsSpan(..(jpeg.Length / 2)), "cut"));
        Assert.Throws<MalformedFileException>(() => WebP.Read(webp.AsSpan(..(webp.Length / 2)), "cut"));
        Assert.Throws<MalformedFileException>(() => ImageFile.Read("GIF89a"u8, "a.gif"));
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            byte[] spoilt = i % 2 == 0 ? [.. jpeg] : [.. webp];
            for (var k = 0; k < 4; k++)
            {
                spoilt[random.Next(2, spoilt.Length)] = (byte)random.Next(256);
            }

            var thrown = Record.Exception(() => ImageFile.Read(spoilt, "spoilt", new ImageLimits(MaxPixels: 1 << 16)));
            Assert.True(thrown is null or MalformedFileException, thrown?.ToString());
        }
    }

    [Theory]
    [InlineData(5)]     // too narrow for runs
    [InlineData(300)]
    public void Hdr_KeepsEightBitsOfTheLargestChannel(int width)
    {
        var random = new Random(width);
        var image = new HdrImage(width, 9, [.. Enumerable.Range(0, 27 * width).Select(i =>
            i % 7 == 0 ? 0 : i < 10 * width ? 2.5f : MathF.Pow(10, (8 * random.NextSingle()) - 4))]);

        var read = Hdr.Read(Hdr.Write(image), "memory.hdr");

        Assert.Equal((width, 9), (read.Width, read.Height));
        for (var i = 0; i < image.Rgb.Length; i++)
        {
            var largest = Enumerable.Range(i - (i % 3), 3).Max(c => image.Rgb[c]);
            Assert.Equal(image.Rgb[i], read.Rgb[i], largest / 256);
        }

        Assert.Equal([1f, 0.5f, 0], Hdr.Read(Hdr.Write(new HdrImage(1, 1, [1, 0.5f, 0])), "white").Rgb);
        Assert.Equal([256f, 0, 0], Hdr.Read(Hdr.Write(new HdrImage(1, 1, [255.75f, 0, 0])), "rounded up").Rgb);
    }

    [Fact]
    public void Hdr_OldRunsAndTurnedImages_AreRead()
    {
        // Two rows from the bottom: first one pixel and a run of two, then three pixels; exposure 2 halves them.
        byte[] bytes =
        [
            .. Encoding.ASCII.GetBytes("#?RGBE\n# made by hand\nEXPOSURE=2.0\nFORMAT=32-bit_rle_rgbe\n\n+Y 2 -X 3\n"),
            128, 0, 0, 129, 1, 1, 1, 2, 0, 64, 0, 129, 0, 0, 128, 129, 9, 9, 9, 0,
        ];

        var image = Hdr.Read(bytes, "memory.hdr");

        Assert.Equal([0f, 0, 0, 0, 0, 0.5f, 0, 0.25f, 0, 0.5f, 0, 0, 0.5f, 0, 0, 0.5f, 0, 0], image.Rgb);
    }

    [Fact]
    public void Hdr_OldRunsInARow_CountInSteps()
    {
        // One pixel, 43 more, and 1 x 256 more.
        byte[] bytes = [.. "#?RGBE\n\n-Y 1 +X 300\n"u8, 128, 0, 0, 129, 1, 1, 1, 43, 1, 1, 1, 1];

        Assert.All(Hdr.Read(bytes, "memory.hdr").Rgb.Chunk(3), pixel => Assert.Equal([1f, 0, 0], pixel));
    }

    [Theory]
    [InlineData("?", "does not start with")]
    [InlineData("#?RADIANCE\nFORMAT=32-bit_rle_xyze\n\n-Y 1 +X 1\n1234", "32-bit_rle_xyze is not read")]
    [InlineData("#?RADIANCE\n\n+X 1 -Y 1\n1234", "its size must read like")]
    [InlineData("#?RADIANCE\n\n-Y 1 +X 99999\n1234", "99999 x 1 pixels")]
    [InlineData("#?RADIANCE\n\n-Y 2 +X 1\n1234", "is truncated")]
    [InlineData("#?RADIANCE\n\n-Y 1 +X 2\nabcd\u0001\u0001\u0001\u0005", "leaves its line")]
    [InlineData("#?RADIANCE\n\n-Y 1 +X 8\n\u0002\u0002\0\u0008\u0009", "leaves its line")]
    [InlineData("#?RADIANCE\nEXPOSURE=0\n\n-Y 1 +X 1\n1234", "no positive number")]
    [InlineData("#?RADIANCE\nno end", "does not end")]
    public void Hdr_Faults_SayWhatIsWrong(string text, string fault) => Assert.Contains(
        fault, Assert.Throws<MalformedFileException>(() => Hdr.Read(Encoding.Latin1.GetBytes(text), "a.hdr")).Message, StringComparison.Ordinal);

    private static PixelImage Gradient(int channels) => new(
        40, 24, channels, [.. Enumerable.Range(0, 40 * 24 * channels).Select(i => (byte)(i / channels % 40 * (2 + (i % channels))))]);
}
