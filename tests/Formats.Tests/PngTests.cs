using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Formats.Tests;

public sealed class PngTests
{
    [Theory]
    [InlineData("glb_valid_png_gray16", 1, 16)]
    [InlineData("glb_valid_png_interlaced", 3, 8)]
    [InlineData("glb_valid_png_palette4", 3, 8)]
    [InlineData("glb_valid_png_rgba8", 4, 8)]
    public void Read_MatchesTheGolden(string name, int channels, int depth)
    {
        using var golden = Goldens.Tensors("geometry", name);
        var shape = golden.Entry("out/pixels").Shape;

        var image = Png.Read(File.ReadAllBytes(Goldens.Path("geometry", name, "image.png")), name);

        Assert.Equal((shape[0], shape[1], channels, depth), (image.Height, image.Width, image.Channels, image.BitDepth));
        Assert.Equal(golden.ReadLongs("out/pixels"), image.Samples.Select(sample => (long)sample));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Write_ComesBackExactly(int channels)
    {
        var pixels = new byte[23 * 17 * channels];
        new Random(channels).NextBytes(pixels.AsSpan(0, pixels.Length / 2)); // noise above, flat below: several filters

        var image = Png.Read(Png.Write(pixels, 23, 17, channels), "memory");

        Assert.Equal((23, 17, channels), (image.Width, image.Height, image.Channels));
        Assert.Equal(pixels, image.ToBytes());
    }

    [Fact]
    public void ToRgba_WidensGrayAndFillsAlpha()
    {
        var image = new PngImage(2, 1, 1, 16, [0, 65535]);

        Assert.Equal([0, 0, 0, 255, 255, 255, 255, 255], image.ToRgba());
        Assert.Equal([9, 9, 9, 40], new PngImage(1, 1, 2, 8, [9, 40]).ToRgba());
    }

    [Fact]
    public void Read_MoreThanTheLimit_IsRefused()
    {
        var bytes = Png.Write(new byte[12 * 10], 12, 10, 1);

        Assert.Throws<MalformedFileException>(() => Png.Read(bytes, "large", new ImageLimits(MaxPixels: 119)));
        Assert.Equal(12, Png.Read(bytes, "fits", new ImageLimits(MaxPixels: 120)).Width);
    }

    [Fact]
    public void Read_MorePixelsThanTheBytesCanHold_IsRefusedBeforeTheyAreAllocated()
    {
        var bytes = Png.Write(new byte[16 * 16], 16, 16, 1);
        var claim = (byte[])bytes.Clone();
        (claim[18], claim[19], claim[22], claim[23]) = (0x1F, 0xFF, 0x1F, 0xFF); // 8191 x 8191
        Sum(claim, 8);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var refused = Assert.Throws<MalformedFileException>(() => Png.Read(claim, "claim"));

        Assert.Contains("cannot hold 8191 x 8191 pixels", refused.Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20, "It allocated for the claim.");
    }

    [Fact]
    public void Read_UnknownChunks_StopItOnlyWhereTheyAreCritical()
    {
        var bytes = Png.Write([1, 2, 3, 4], 2, 2, 1);
        byte[] With(string type)
        {
            byte[] chunk = [0, 0, 0, 1, .. System.Text.Encoding.ASCII.GetBytes(type), 7, 0, 0, 0, 0];
            byte[] all = [.. bytes[..33], .. chunk, .. bytes[33..]];
            Sum(all, 33);
            return all;
        }

        Assert.Equal([1, 2, 3, 4], Png.Read(With("abCd"), "ancillary").ToBytes());
        Assert.Contains("chunk ABCD is critical", Assert.Throws<MalformedFileException>(() => Png.Read(With("ABCD"), "critical")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfAPresetDictionary_IsATypedError()
    {
        var bytes = Png.Write([1, 2, 3, 4], 2, 2, 1);
        (bytes[41], bytes[42]) = (0x78, 0xBB); // zlib's header with FDICT
        Sum(bytes, 33);

        Assert.Contains("pixel data is broken", Assert.Throws<MalformedFileException>(() => Png.Read(bytes, "dictionary")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BadInputs.Of), "png", MemberType = typeof(BadInputs))]
    public void Read_BadInput_FailsTypedAndCheaply(string file, string outcome)
    {
        BadInputs.Check(file, outcome, bytes => Png.Read(bytes, file));
    }

    /// <summary>Puts the right checksum behind the chunk at a place.</summary>
    private static void Sum(byte[] png, int at)
    {
        var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(at + 8 + length), Crc32.Of(png.AsSpan(at + 4, 4 + length)));
    }
}
