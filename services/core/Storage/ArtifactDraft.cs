using System.Security.Cryptography;

namespace Realiz3D.Mesh.Storage;

/// <summary>An artifact that is still being written: nobody can read it before it is published, and nothing is left of one that is not.</summary>
public sealed class ArtifactDraft : IAsyncDisposable
{
    private readonly string _path;
    private readonly long _maxBytes;
    private readonly Func<string, string> _place;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly FileStream _file;

    /// <param name="path">Where it lies until it is published.</param>
    /// <param name="maxBytes">Most bytes.</param>
    /// <param name="place">Where an artifact lies, by its id.</param>
    internal ArtifactDraft(string path, long maxBytes, Func<string, string> place)
    {
        (_path, _maxBytes, _place) = (path, maxBytes, place);
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, ArtifactStore.BufferBytes, useAsync: true);
    }

    /// <summary>Bytes so far.</summary>
    public long Length { get; private set; }

    /// <summary>The id that the bytes so far have.</summary>
    public string Id => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Adds bytes.</summary>
    /// <exception cref="InvalidDataException">There are more than the store takes.</exception>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel = default)
    {
        ArtifactStore.RequireSize(Length + bytes.Length, _maxBytes);
        Length += bytes.Length;
        _hash.AppendData(bytes.Span);
        await _file.WriteAsync(bytes, cancel).ConfigureAwait(false);
    }

    /// <summary>Reads the bytes so far.</summary>
    public async Task<byte[]> ReadAsync(CancellationToken cancel = default)
    {
        var bytes = GC.AllocateUninitializedArray<byte>((int)Length);
        _file.Position = 0;
        await _file.ReadExactlyAsync(bytes, cancel).ConfigureAwait(false);
        return bytes;
    }

    /// <summary>Brings the bytes to the disk and gives them their name. Nothing may be added afterwards.</summary>
    /// <returns>The artifact's id.</returns>
    public async Task<string> PublishAsync()
    {
        var id = Id;
        _file.Flush(flushToDisk: true);
        await _file.DisposeAsync().ConfigureAwait(false);
        Directory.CreateDirectory(Path.GetDirectoryName(_place(id))!);
        File.Move(_path, _place(id), overwrite: true); // the same bytes, when it exists
        return id;
    }

    /// <summary>Takes away what was not published.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _file.DisposeAsync().ConfigureAwait(false); // writes what is buffered, and may find the disk full
        }
        finally
        {
            _hash.Dispose();
            File.Delete(_path);
        }
    }
}
