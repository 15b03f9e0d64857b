using System.IO.Compression;
using Grpc.Net.Compression;

namespace Realiz3D.Mesh.Grpc.Interop;

/// <summary>gzip that counts the compressed messages that a call reads.</summary>
/// <remarks>
/// Neither client nor server tells whether a message came compressed, but each asks for a stream to decompress one. The
/// count lies where everything that belongs to a call finds it: it flows with the call's execution context.
/// </remarks>
internal sealed class ObservedGzip : ICompressionProvider
{
    private static readonly AsyncLocal<StrongCount?> Count = new();

    private readonly GzipCompressionProvider _gzip = new(CompressionLevel.Fastest);

    /// <summary>Compressed messages that this call has read so far.</summary>
    public static int Messages => Count.Value?.Value ?? throw new InvalidOperationException("Nothing is counted here.");

    public string EncodingName => _gzip.EncodingName;

    /// <summary>Counts from 0 in what follows, and in all that it starts.</summary>
    public static void Restart() => Count.Value = new StrongCount();

    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
        _gzip.CreateCompressionStream(stream, compressionLevel);

    public Stream CreateDecompressionStream(Stream stream)
    {
        if (Count.Value is { } count)
        {
            Interlocked.Increment(ref count.Value);
        }

        return _gzip.CreateDecompressionStream(stream);
    }

    private sealed class StrongCount
    {
        public int Value;
    }
}
