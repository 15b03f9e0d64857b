using System.Security.Cryptography;

namespace Realiz3D.Mesh.Formats.Tests;

public class PixelResamplingTests
{
    // First bytes of the SHA-256 of what Pillow 9.4.0's Image.resize gives for the same image.
    [Theory]
    [InlineData(7, 5, ResampleFilter.Nearest, 4, 9, "4c9c237cea03fe55")]
    [InlineData(7, 5, ResampleFilter.Lanczos, 4, 9, "f96bfb7ffcf25956")]
    [InlineData(7, 5, ResampleFilter.Bilinear, 4, 9, "89eb19136e878313")]
    [InlineData(7, 5, ResampleFilter.Bicubic, 4, 9, "d2a13d1b62117ddb")]
    [InlineData(7, 5, ResampleFilter.Box, 4, 9, "d25b08c3f86f81eb")]
    [InlineData(7, 5, ResampleFilter.Hamming, 4, 9, "70f9179452f09df8")]
    [InlineData(97, 61, ResampleFilter.Nearest, 31, 40, "36ec5963bf0102a2")]
    [InlineData(97, 61, ResampleFilter.Nearest, 224, 150, "33ebe53235361a57")]
    [InlineData(97, 61, ResampleFilter.Lanczos, 31, 40, "345a38805d55392e")]
    [InlineData(97, 61, ResampleFilter.Lanczos, 224, 150, "6f61d308ad36a901")]
    [InlineData(97, 61, ResampleFilter.Bilinear, 31, 40, "afa517c05e91d858")]
    [InlineData(97, 61, ResampleFilter.Bilinear, 224, 150, "7cd81860caf9d422")]
    [InlineData(97, 61, ResampleFilter.Bicubic, 31, 40, "84dc116901b1d5c8")]
    [InlineData(97, 61, ResampleFilter.Bicubic, 224, 150, "cf3badabc8f6ffb7")]
    [InlineData(97, 61, ResampleFilter.Box, 31, 40, "c4cd2f4a4c56e89e")]
    [InlineData(97, 61, ResampleFilter.Box, 224, 150, "33ebe53235361a57")]
    [InlineData(97, 61, ResampleFilter.Hamming, 31, 40, "940234c293dbd590")]
    [InlineData(97, 61, ResampleFilter.Hamming, 224, 150, "80881d3f24d43bc8")]
    public void Resize_GivesPillowsBytes(int width, int height, ResampleFilter filter, int newWidth, int newHeight, string hash)
    {
        var resized = PixelResampling.Resize(Pattern(width, height), newWidth, newHeight, filter);

        Assert.Equal((newWidth, newHeight, 3), (resized.Width, resized.Height, resized.Channels));
        Assert.StartsWith(hash, Convert.ToHexStringLower(SHA256.HashData(resized.Bytes)), StringComparison.Ordinal);
    }

    [Fact]
    public void Resize_ToItsOwnSize_ChangesNothing()
    {
        var image = Pattern(9, 4);
        Assert.Same(image, PixelResampling.Resize(image, 9, 4, ResampleFilter.Lanczos));
        Assert.Throws<ArgumentOutOfRangeException>(() => PixelResampling.Resize(image, 0, 4, ResampleFilter.Box));
    }

    [Theory]
    [InlineData(3, 1, new byte[] { 2, 3, 4 })]
    [InlineData(4, 2, new byte[] { 0, 0, 0, 0, 2, 3, 4, 5 })]           // half a row is missing: the frame's upper one
    [InlineData(9, 1, new byte[] { 0, 0, 1, 2, 3, 4, 5, 6, 0 })]
    public void CentreCrop_CutsAndFills(int width, int height, byte[] expected) =>
        Assert.Equal(expected, new PixelImage(6, 1, 1, [1, 2, 3, 4, 5, 6]).CentreCrop(width, height).Bytes);

    [Fact]
    public void ToRgb_RepeatsGrayAndDropsAlpha()
    {
        Assert.Equal([7, 7, 7, 9, 9, 9], new PixelImage(2, 1, 1, [7, 9]).ToRgb().Bytes);
        Assert.Equal([7, 7, 7, 9, 9, 9], new PixelImage(2, 1, 2, [7, 0, 9, 0]).ToRgb().Bytes);
        Assert.Equal([1, 2, 3, 5, 6, 7], new PixelImage(2, 1, 4, [1, 2, 3, 0, 5, 6, 7, 0]).ToRgb().Bytes);
    }

    private static PixelImage Pattern(int width, int height)
    {
        var bytes = new byte[width * height * 3];
        for (var i = 0; i < bytes.Length; i++)
        {
            var (pixel, c) = Math.DivRem(i, 3);
            var (y, x) = Math.DivRem(pixel, width);
            bytes[i] = (byte)((x * x * 11) + (y * 37) + (c * 53) + (x * y * 13));
        }

        return new PixelImage(width, height, 3, bytes);
    }
}
