using System.IO.Compression;
using Grpc.Net.Compression;

namespace Realiz3D.Mesh.Grpc.Tests;

/// <summary>The compression providers, against the streams of the framework and the formats' first bytes.</summary>
public class CompressionTests
{
    private static readonly byte[] Message = [.. Enumerable.Range(0, 20_000).Select(i => (byte)(i * i % 251))];

    [Fact]
    public void Gzip_IsGzip() => CheckFormat(
        new GzipCompressionProvider(CompressionLevel.Optimal),
        "gzip",
        [0x1F, 0x8B],
        stream => new GZipStream(stream, CompressionMode.Decompress));

    [Fact]
    public void Deflate_HasTheHeaderOfZlib() => CheckFormat(
        new DeflateCompressionProvider(CompressionLevel.Optimal),
        "deflate",
        [0x78, 0x9C],
        stream => new ZLibStream(stream, CompressionMode.Decompress));

    [Theory]
    [InlineData(CompressionLevel.NoCompression, null, false)]
    [InlineData(CompressionLevel.NoCompression, CompressionLevel.SmallestSize, true)]
    [InlineData(CompressionLevel.SmallestSize, null, true)]
    [InlineData(CompressionLevel.SmallestSize, CompressionLevel.NoCompression, false)]
    public void Level_OfTheMessageGoesBeforeTheProviders(CompressionLevel usual, CompressionLevel? asked, bool isSmaller)
    {
        Assert.Equal(isSmaller, Compress(new GzipCompressionProvider(usual), asked).Length < Message.Length);
        Assert.Equal(isSmaller, Compress(new DeflateCompressionProvider(usual), asked).Length < Message.Length);
    }

    private static void CheckFormat(
        ICompressionProvider provider, string name, byte[] start, Func<Stream, Stream> decompressedByFramework)
    {
        var compressed = Compress(provider, null);

        Assert.Equal(name, provider.EncodingName);
        Assert.Equal(start, compressed[..2]);
        Assert.Equal(Message, Read(decompressedByFramework(new MemoryStream(compressed))));

        // The message's bytes belong to the caller: reading them leaves the stream open.
        using var source = new MemoryStream(compressed);
        Assert.Equal(Message, Read(provider.CreateDecompressionStream(source)));
        Assert.True(source.CanRead);
    }

    private static byte[] Compress(ICompressionProvider provider, CompressionLevel? level)
    {
        using var target = new MemoryStream();
        using (var compression = provider.CreateCompressionStream(target, level))
        {
            compression.Write(Message);
        }

        Assert.True(target.CanWrite);
        return target.ToArray();
    }

    private static byte[] Read(Stream stream)
    {
        using var copy = new MemoryStream();
        using (stream)
        {
            stream.CopyTo(copy);
        }

        return copy.ToArray();
    }
}
