using System.Buffers;
using System.Security.Cryptography;

namespace Realiz3D.Mesh.Storage;

/// <summary>Files that services pass to each other, each under the SHA-256 of its bytes.</summary>
/// <remarks>
/// An artifact is written to a temporary name, brought to the disk and then renamed, so that a name that exists always
/// has all of its bytes. The same bytes are stored once. An id is 64 lower-case hexadecimal digits; anything else names
/// no artifact, whatever path it spells.
/// </remarks>
public sealed class ArtifactStore
{
    /// <summary>Environment variable that names the directory.</summary>
    public const string DirectoryVariable = "REALIZ3D_ARTIFACTS";

    private const int BufferBytes = 64 * 1024;
    private readonly long _maxBytes;

    /// <param name="directory">Where artifacts lie; made when missing.</param>
    /// <param name="maxBytes">Most bytes in one artifact.</param>
    public ArtifactStore(string directory, long maxBytes = 256L * 1024 * 1024)
    {
        Root = Path.GetFullPath(directory);
        _maxBytes = maxBytes;
        Directory.CreateDirectory(Root);
    }

    /// <summary>The directory.</summary>
    public string Root { get; }

    /// <summary>The store in the directory that <see cref="DirectoryVariable"/> names.</summary>
    /// <exception cref="InvalidOperationException">The variable is not set.</exception>
    public static ArtifactStore FromEnvironment() =>
        Environment.GetEnvironmentVariable(DirectoryVariable) is { Length: > 0 } directory
            ? new ArtifactStore(directory)
            : throw new InvalidOperationException($"{DirectoryVariable} does not name the artifact directory.");

    /// <summary>Whether a text has the form of an id.</summary>
    public static bool IsId(string? id) =>
        id is { Length: 64 } && id.AsSpan().IndexOfAnyExcept(s_idCharacters) < 0;

    /// <summary>Stores bytes.</summary>
    /// <returns>The artifact's id.</returns>
    public async Task<string> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel = default)
    {
        RequireSize(bytes.Length);
        var id = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        if (!File.Exists(PathOf(id)))
        {
            var temporary = TemporaryPath();
            try
            {
                await using (var file = Create(temporary))
                {
                    await file.WriteAsync(bytes, cancel).ConfigureAwait(false);
                    file.Flush(flushToDisk: true);
                }

                Publish(temporary, id);
            }
            finally
            {
                File.Delete(temporary);
            }
        }

        return id;
    }

    /// <summary>Stores what a stream still holds.</summary>
    /// <returns>The artifact's id.</returns>
    /// <exception cref="InvalidDataException">The stream holds more than the limit.</exception>
    public async Task<string> PutAsync(Stream content, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        var temporary = TemporaryPath();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using (var file = Create(temporary))
            {
                var total = 0L;
                int count;
                while ((count = await content.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0)
                {
                    RequireSize(total += count);
                    hash.AppendData(buffer, 0, count);
                    await file.WriteAsync(buffer.AsMemory(0, count), cancel).ConfigureAwait(false);
                }

                file.Flush(flushToDisk: true);
            }

            var id = Convert.ToHexStringLower(hash.GetHashAndReset());
            Publish(temporary, id);
            return id;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            File.Delete(temporary);
        }
    }

    /// <summary>Whether an artifact exists.</summary>
    public bool Exists(string? id) => IsId(id) && File.Exists(PathOf(id!));

    /// <summary>Opens an artifact.</summary>
    /// <exception cref="ArtifactNotFoundException">The id is malformed or names nothing.</exception>
    public FileStream OpenRead(string? id)
    {
        if (!Exists(id))
        {
            throw new ArtifactNotFoundException(IsId(id)
                ? $"There is no artifact {id}."
                : "An artifact id has 64 lower-case hexadecimal digits.");
        }

        return new FileStream(PathOf(id!), FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, useAsync: true);
    }

    /// <summary>Reads an artifact whole.</summary>
    /// <exception cref="ArtifactNotFoundException">The id is malformed or names nothing.</exception>
    public async Task<byte[]> ReadAsync(string? id, CancellationToken cancel = default)
    {
        await using var file = OpenRead(id);
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes, cancel).ConfigureAwait(false);
        return bytes;
    }

    private static readonly SearchValues<char> s_idCharacters = SearchValues.Create("0123456789abcdef");

    // Two digits of the id make a folder, so that no folder grows huge.
    private string PathOf(string id) => Path.Combine(Root, id[..2], id);

    private string TemporaryPath() => Path.Combine(Root, $".{Guid.NewGuid():N}.tmp");

    private static FileStream Create(string path) =>
        new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes, useAsync: true);

    private void Publish(string temporary, string id)
    {
        Directory.CreateDirectory(Path.Combine(Root, id[..2]));
        File.Move(temporary, PathOf(id), overwrite: true); // the same bytes, when it exists
    }

    private void RequireSize(long bytes)
    {
        if (bytes > _maxBytes)
        {
            throw new InvalidDataException($"An artifact may have at most {_maxBytes} bytes.");
        }
    }
}
