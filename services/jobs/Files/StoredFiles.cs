using Google.Protobuf;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Jobs;

/// <summary>Sends artifacts to callers.</summary>
internal static class StoredFiles
{
    /// <summary>Sends an artifact: a header, then chunks.</summary>
    /// <param name="store">Where it lies.</param>
    /// <param name="id">The artifact.</param>
    /// <param name="mediaType">Its media type; null: told by its first bytes.</param>
    /// <param name="header">Sends the header.</param>
    /// <param name="chunk">Sends a chunk, whose bytes are good until it returns.</param>
    /// <param name="cancel">The caller has gone.</param>
    /// <exception cref="ArtifactNotFoundException">There is no such artifact.</exception>
    public static async Task SendAsync(
        this ArtifactStore store, string id, string? mediaType, Func<FileHeader, Task> header, Func<FileChunk, Task> chunk, CancellationToken cancel)
    {
        await using var file = store.OpenRead(id);
        var buffer = new byte[TensorFrames.MaxChunkBytes];
        var count = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        mediaType ??= MediaTypes.Of(buffer.AsSpan(0, Math.Min(count, MediaTypes.LookedAt)), file.Length);
        await header(new FileHeader { ArtifactId = id, MediaType = mediaType, ByteLength = file.Length });
        for (var offset = 0L; count > 0; count = await file.ReadAsync(buffer, cancel))
        {
            await chunk(new FileChunk { Offset = offset, Data = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, count)) });
            offset += count;
        }
    }
}
