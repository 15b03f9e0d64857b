using Grpc.Core;
using Realiz3D.Mesh.Contracts.Artifacts.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.ServiceDefaults;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Jobs;

/// <summary>Takes one file from outside.</summary>
/// <remarks>
/// 1. The header is checked.  2. Chunks go to a draft; the first thousand bytes tell the format.  3. The whole is read as what it is.
/// 4. The draft becomes an artifact. Whatever ends the call before that, the draft goes.
/// </remarks>
internal sealed class FileReceiver(ArtifactStore store, UploadOptions options) : IDisposable
{
    private const long LargeBytes = 8 << 20;

    private readonly Admission _admission = new(options.AtOnce, waiting: 0);
    private readonly SemaphoreSlim _reading = new(1); // one file at a time is in memory

    /// <summary>Takes a file.</summary>
    /// <param name="parts">What the client sends.</param>
    /// <param name="cancel">The client has gone.</param>
    /// <returns>The stored file.</returns>
    /// <exception cref="MalformedFileException">The file is not what it should be.</exception>
    /// <exception cref="InvalidDataException">The stream breaks a rule.</exception>
    /// <exception cref="RpcException">Too many files come at once, this one comes too slowly, or it broke off.</exception>
    public async Task<UploadResponse> ReceiveAsync(IAsyncStreamReader<UploadRequest> parts, CancellationToken cancel)
    {
        using var place = await _admission.EnterAsync(cancel);

        // 1. header
        if (!await NextAsync(parts, cancel) || parts.Current.Header is not { } header)
        {
            throw new InvalidDataException("The first message must carry the header.");
        }

        if (UploadFault.Of(header, options.MaxBytes) is { } fault)
        {
            throw new InvalidDataException(fault);
        }

        // 2. chunks
        var name = UploadFault.NameOf(header);
        await using var draft = store.Begin();
        var kind = await FillAsync(draft, header, name, parts, cancel);
        if (header.ArtifactId.Length > 0 && header.ArtifactId != draft.Id)
        {
            throw new InvalidDataException($"{name}: its SHA-256 is {draft.Id}, not {header.ArtifactId} as the header says; send it again.");
        }

        // 3. read
        var found = await ReadAsync(draft, kind, name, cancel);
        if (draft.Length > LargeBytes)
        {
            // What it was read into is several times its size, and would stay until this quiet service has made as much again.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }

        // 4. keep
        (found.ArtifactId, found.ByteLength) = (await draft.PublishAsync(), draft.Length);
        return found;
    }

    public void Dispose()
    {
        _admission.Dispose();
        _reading.Dispose();
    }

    private async Task<FileKind> FillAsync(
        ArtifactDraft draft, UploadHeader header, string name, IAsyncStreamReader<UploadRequest> parts, CancellationToken cancel)
    {
        var head = new byte[Math.Min(MediaTypes.LookedAt, header.ByteLength)];
        var kind = FileKind.Unspecified;
        while (await NextAsync(parts, cancel))
        {
            if (UploadFault.Of(parts.Current, draft.Length, header.ByteLength) is { } fault)
            {
                throw new InvalidDataException($"{name}: {fault}");
            }

            var data = parts.Current.Chunk.Data.Memory;
            var known = (int)Math.Min(draft.Length, head.Length);
            data.Span[..Math.Min(data.Length, head.Length - known)].CopyTo(head.AsSpan(known));
            await draft.AppendAsync(data, cancel);
            if (kind == FileKind.Unspecified && draft.Length >= head.Length)
            {
                kind = FileContent.KindOf(head, header.ByteLength, name);
                if (header.HasKind && header.Kind != kind)
                {
                    throw new InvalidDataException($"{name}: it looks like {UploadFault.Words(kind)}, the header says {UploadFault.Words(header.Kind)}.");
                }
            }
        }

        return draft.Length == header.ByteLength
            ? kind
            : throw new InvalidDataException($"{name}: the upload ended after {draft.Length} of {header.ByteLength} bytes.");
    }

    private async Task<UploadResponse> ReadAsync(ArtifactDraft draft, FileKind kind, string name, CancellationToken cancel)
    {
        await _reading.WaitAsync(cancel);
        var bytes = draft.ReadAsync(cancel);
        var reading = Task.Run(
            async () =>
            {
                try
                {
                    return FileContent.Read(kind, await bytes, name);
                }
                finally
                {
                    _reading.Release();
                }
            },
            CancellationToken.None);
        return await reading.WaitAsync(cancel);
    }

    private async Task<bool> NextAsync(IAsyncStreamReader<UploadRequest> parts, CancellationToken cancel)
    {
        try
        {
            return await parts.MoveNext(cancel).WaitAsync(options.Silence, cancel);
        }
        catch (TimeoutException)
        {
            throw new RpcException(new Status(
                StatusCode.DeadlineExceeded, FormattableString.Invariant($"Nothing came for {options.Silence.TotalSeconds:0.###} s; send the file again.")));
        }
        catch (IOException broken)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "The upload broke off.", broken));
        }
    }
}
