using System.Buffers;
using System.Security.Cryptography;

namespace Realiz3D.Mesh.Storage;

/// <summary>Files that services pass to each other, each under the SHA-256 of its bytes.</summary>
/// <remarks>
/// An artifact is written to a temporary name, brought to the disk and then renamed, so that a name that exists always
/// has all of its bytes. The same bytes are stored once. An id is 64 lower-case hexadecimal digits; anything else names
/// no artifact, whatever path it spells. Scratch artifacts lie in a folder of their own: they can be taken away, by whom they
/// served or when they are a day old, and nothing that is meant to stay goes with them. What a killed process left half written goes
/// after a day too.
/// </remarks>
public sealed class ArtifactStore
{
    /// <summary>Environment variable that names the directory.</summary>
    public const string DirectoryVariable = "REALIZ3D_ARTIFACTS";

    internal const int BufferBytes = 64 * 1024;
    private const string TemporaryEnding = ".tmp";
    private static readonly TimeSpan s_keptFor = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_sweepEvery = TimeSpan.FromHours(1);
    private readonly long _maxBytes;
    private readonly Lock _sweeping = new();
    private DateTime _swept;

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
    public async Task<string> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel = default) =>
        await PutAsync(bytes, PathOf, cancel).ConfigureAwait(false);

    /// <summary>Stores bytes that somebody may need within a day, such as a job between two steps.</summary>
    /// <returns>The artifact's id; it is read like any other.</returns>
    public async Task<string> PutScratchAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel = default)
    {
        Sweep();
        var id = await PutAsync(bytes, ScratchPathOf, cancel).ConfigureAwait(false);
        Renew(ScratchPathOf(id));
        return id;
    }

    /// <summary>Takes a scratch artifact away. An id of none, or of an artifact that stays, changes nothing.</summary>
    public void DeleteScratch(string? id)
    {
        if (IsId(id) && File.Exists(ScratchPathOf(id!)))
        {
            File.Delete(ScratchPathOf(id!));
        }
    }

    /// <summary>Stores what a stream still holds.</summary>
    /// <returns>The artifact's id.</returns>
    /// <exception cref="InvalidDataException">The stream holds more than the limit.</exception>
    public async Task<string> PutAsync(Stream content, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await using var draft = Begin();
            int count;
            while ((count = await content.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0)
            {
                await draft.AppendAsync(buffer.AsMemory(0, count), cancel).ConfigureAwait(false);
            }

            return await draft.PublishAsync().ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Begins an artifact whose bytes come bit by bit; the caller disposes the draft.</summary>
    public ArtifactDraft Begin()
    {
        Sweep();
        return new ArtifactDraft(TemporaryPath(), _maxBytes, PathOf);
    }

    /// <summary>Whether an artifact exists.</summary>
    public bool Exists(string? id) => IsId(id) && (File.Exists(PathOf(id!)) || File.Exists(ScratchPathOf(id!)));

    /// <summary>Opens an artifact.</summary>
    /// <exception cref="ArtifactNotFoundException">The id is malformed or names nothing.</exception>
    public FileStream OpenRead(string? id)
    {
        if (!IsId(id))
        {
            throw new ArtifactNotFoundException("An artifact id has 64 lower-case hexadecimal digits.");
        }

        try
        {
            var path = File.Exists(PathOf(id!)) ? PathOf(id!) : ScratchPathOf(id!);
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferBytes, useAsync: true);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ArtifactNotFoundException($"There is no artifact {id}.");
        }
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

    private string ScratchPathOf(string id) => Path.Combine(ScratchRoot, id[..2], id);

    private string ScratchRoot => Path.Combine(Root, "scratch");

    private string TemporaryPath() => Path.Combine(Root, $".{Guid.NewGuid():N}{TemporaryEnding}");

    private async Task<string> PutAsync(ReadOnlyMemory<byte> bytes, Func<string, string> place, CancellationToken cancel)
    {
        RequireSize(bytes.Length, _maxBytes);
        var id = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        if (!File.Exists(place(id)))
        {
            await using var draft = new ArtifactDraft(TemporaryPath(), _maxBytes, place);
            await draft.AppendAsync(bytes, cancel).ConfigureAwait(false);
            await draft.PublishAsync().ConfigureAwait(false);
        }

        return id;
    }

    // Whoever put the same bytes last needs them for a day.
    private static void Renew(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        }
        catch (FileNotFoundException)
        {
            // Somebody else was done with it. Whoever asks for it begins anew.
        }
    }

    // Scratch artifacts that nobody needs any more, and what a process that was killed was writing.
    private void Sweep()
    {
        var now = DateTime.UtcNow;
        lock (_sweeping)
        {
            if (now - _swept < s_sweepEvery)
            {
                return;
            }

            _swept = now;
        }

        IEnumerable<string> scratch = Directory.Exists(ScratchRoot) ? Directory.EnumerateFiles(ScratchRoot, "*", SearchOption.AllDirectories) : [];
        foreach (var path in scratch.Concat(Directory.EnumerateFiles(Root, $"*{TemporaryEnding}")))
        {
            if (now - File.GetLastWriteTimeUtc(path) > s_keptFor)
            {
                File.Delete(path);
            }
        }
    }

    internal static void RequireSize(long bytes, long maxBytes)
    {
        if (bytes > maxBytes)
        {
            throw new InvalidDataException($"An artifact may have at most {maxBytes} bytes.");
        }
    }
}
