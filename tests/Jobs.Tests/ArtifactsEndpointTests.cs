using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Artifacts.V1;
using Realiz3D.Mesh.Contracts.Jobs.V1;

namespace Realiz3D.Mesh.Jobs.Tests;

public sealed class ArtifactsEndpointTests : IAsyncLifetime
{
    private const int MaxBytes = 200_000;

    private JobsHost _host = null!;

    private ArtifactService.ArtifactServiceClient Client => new(_host.Channel);

    private static DateTime Soon => DateTime.UtcNow + JobsHost.Timeout;

    public async Task InitializeAsync() => _host = await JobsHost.StartAsync($"--Uploads:MaxBytes={MaxBytes}", "--Uploads:AtOnce=8");

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Upload_OfEachFormat_TellsWhatItHolds_AndItIsReadBackByItsId()
    {
        foreach (var (file, expected) in SampleFiles.Good)
        {
            var taken = await UploadAsync(file);

            expected.ArtifactId = Convert.ToHexStringLower(SHA256.HashData(file));
            expected.ByteLength = file.Length;
            Assert.Equal(expected, taken);
            var (header, bytes) = await DownloadAsync(taken.ArtifactId);
            Assert.Equal(file, bytes);
            Assert.Equal(
                new FileHeader { ArtifactId = taken.ArtifactId, MediaType = taken.MediaType, ByteLength = file.Length }, header);
        }

        Assert.Equal(SampleFiles.Good.Count, StoredFiles().Length);
    }

    [Fact]
    public async Task Upload_OfWhatIsNoFileOfOurs_IsRefusedWithItsReason_AndLeavesNothing()
    {
        foreach (var (name, file, reason) in SampleFiles.Broken)
        {
            await RefusedAsync(name, reason, UploadAsync(file, header => header.Name = "a.bin"));
        }

        Assert.Empty(StoredFiles());
    }

    [Fact]
    public async Task Upload_OtherThanItsHeaderSays_IsRefused_AndLeavesNothing()
    {
        var file = SampleFiles.Obj;
        (string Name, string Reason, Action<UploadHeader> Header)[] headers =
        [
            ("empty", "byte_length must be", header => header.ByteLength = 0),
            ("negative", "byte_length must be", header => header.ByteLength = -1),
            ("too large", $"the file has {MaxBytes + 1} bytes; at most {MaxBytes} are taken.", header => header.ByteLength = MaxBytes + 1),
            ("long name", "name has 256 characters", header => header.Name = new string('x', 256)),
            ("odd name", "name must not have control characters.", header => header.Name = "a\nb"),
            ("no kind", "kind must be FILE_KIND_MESH", header => header.Kind = FileKind.Unspecified),
            ("odd kind", "kind must be FILE_KIND_MESH", header => header.Kind = (FileKind)77),
            ("other kind", "the file: it looks like a mesh, the header says a picture.", header => header.Kind = FileKind.Image),
            ("odd id", "artifact_id must be 64", header => header.ArtifactId = "abc"),
            ("other id", "the file: its SHA-256 is", header => header.ArtifactId = new string('a', 64)),
            ("ends early", $"the file: the upload ended after {file.Length} of {file.Length + 1} bytes.", header => header.ByteLength++),
            ("goes on", $"the file: more bytes came than the {file.Length - 1} of the header.", header => header.ByteLength--),
        ];
        foreach (var (name, reason, change) in headers)
        {
            await RefusedAsync(name, reason, UploadAsync(file, change));
        }

        static UploadRequest Chunk(long offset, int count) => new() { Chunk = new FileChunk { Offset = offset, Data = ByteString.CopyFrom(new byte[count]) } };
        var head = new UploadRequest { Header = new UploadHeader { ByteLength = MaxBytes } };
        (string Name, string Reason, UploadRequest[] Parts)[] streams =
        [
            ("nothing", "The first message must carry the header.", []),
            ("no header", "The first message must carry the header.", [Chunk(0, 1)]),
            ("empty message", "The first message must carry the header.", [new UploadRequest()]),
            ("two headers", "the file: every message after the header must carry a chunk.", [head, head]),
            ("a gap", "the file: a chunk is at 9, 5 is expected.", [head, Chunk(0, 5), Chunk(9, 5)]),
            ("empty chunk", "the file: a chunk must have 1 to 65536 bytes, this one has 0.", [head, Chunk(0, 0)]),
            ("long chunk", "the file: a chunk must have 1 to 65536 bytes, this one has 65537.", [head, Chunk(0, 65537)]),
        ];
        foreach (var (name, reason, parts) in streams)
        {
            await RefusedAsync(name, reason, SendAsync(parts));
        }

        Assert.Empty(StoredFiles());
    }

    [Fact]
    public async Task Upload_ThatCannotBeRight_IsRefusedBeforeAllOfItHasCome()
    {
        using var call = Client.Upload(deadline: Soon);
        await call.RequestStream.WriteAsync(new UploadRequest { Header = new UploadHeader { ByteLength = MaxBytes } });
        await call.RequestStream.WriteAsync(ChunkOf(new byte[2000], 0));

        await RefusedAsync("zeros", "the file: neither a mesh", call.ResponseAsync); // the client's side is still open
    }

    [Fact]
    public async Task Upload_ThatBreaksOff_LeavesNothing_AndGivesItsPlaceBack()
    {
        for (var i = 0; i < 20; i++)
        {
            using var call = Client.Upload(deadline: Soon);
            await call.RequestStream.WriteAsync(new UploadRequest { Header = new UploadHeader { ByteLength = MaxBytes } });
            await call.RequestStream.WriteAsync(ChunkOf(Encoding.ASCII.GetBytes(new string('#', 50_000)), 0));
            await UntilAsync(() => StoredFiles().Any(path => path.EndsWith(".tmp", StringComparison.Ordinal)));
            call.Dispose();
            await UntilAsync(() => StoredFiles().Length == 0);
        }

        Assert.Equal(FileKind.Mesh, (await UploadAsync(SampleFiles.Obj)).Kind);
    }

    [Fact]
    public async Task Upload_ThatFallsSilent_IsGivenUp()
    {
        await _host.StopServiceAsync();
        await _host.StartServiceAsync("--Uploads:Silence=00:00:00.3");
        using var call = Client.Upload(deadline: Soon);
        await call.RequestStream.WriteAsync(new UploadRequest { Header = new UploadHeader { ByteLength = 100 } });

        var refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);

        Assert.Equal((StatusCode.DeadlineExceeded, "Nothing came for 0.3 s; send the file again."), (refused.StatusCode, refused.Status.Detail));
        Assert.Empty(StoredFiles());
    }

    [Fact]
    public async Task Upload_OfTheSameFileByManyAtOnce_StoresItOnce()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => (await UploadAsync(SampleFiles.Obj)).ArtifactId));

        Assert.Equal(Assert.Single(ids.Distinct()), Path.GetFileName(Assert.Single(StoredFiles())));
    }

    [Fact]
    public async Task Upload_WhenTooManyCome_IsToldToComeAgain()
    {
        List<AsyncClientStreamingCall<UploadRequest, UploadResponse>> calls = [];
        for (var i = 0; i < 8; i++)
        {
            calls.Add(Client.Upload(deadline: Soon));
            await calls[i].RequestStream.WriteAsync(new UploadRequest { Header = new UploadHeader { ByteLength = 100 } });
        }

        await UntilAsync(() => StoredFiles().Length == 8);
        var refused = await Assert.ThrowsAsync<RpcException>(() => UploadAsync(SampleFiles.Obj));
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.NotNull(RetryLater.DelayOf(refused));

        calls.ForEach(call => call.Dispose());
        await UntilAsync(() => StoredFiles().Length == 0);
        Assert.Equal(FileKind.Mesh, (await UploadAsync(SampleFiles.Obj)).Kind);
    }

    [Fact]
    public async Task Upload_WithATenantThatIsNone_IsRefused()
    {
        using var call = Client.Upload(new Metadata { { TenantMetadata.Header, new string('x', 101) } }, Soon);

        await RefusedAsync("tenant", "realiz3d-tenant must have at most 100 characters", call.ResponseAsync);
    }

    [Theory]
    [InlineData("", "An artifact id has 64 lower-case hexadecimal digits.")]
    [InlineData("../../etc/passwd", "An artifact id has 64 lower-case hexadecimal digits.")]
    [InlineData("00000000000000000000000000000000000000000000000000000000000000aa", "There is no artifact 00000000000000000000000000000000000000000000000000000000000000aa.")]
    public async Task Download_OfNoArtifact_IsNotFound(string id, string sentence)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => DownloadAsync(id));

        Assert.Equal((StatusCode.NotFound, sentence), (refused.StatusCode, refused.Status.Detail));
    }

    private static UploadRequest ChunkOf(byte[] bytes, long offset) => new() { Chunk = new FileChunk { Offset = offset, Data = ByteString.CopyFrom(bytes) } };

    private static async Task RefusedAsync(string name, string reason, Task<UploadResponse> upload)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => upload);
        Assert.True(refused.StatusCode == StatusCode.InvalidArgument, $"{name}: {refused.StatusCode}: {refused.Status.Detail}");
        Assert.True(refused.Status.Detail.StartsWith(reason, StringComparison.Ordinal), $"{name}: {refused.Status.Detail}");
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var end = Soon; !holds(); await Task.Delay(5))
        {
            Assert.True(DateTime.UtcNow < end, "It did not come about in time.");
        }
    }

    private Task<UploadResponse> UploadAsync(byte[] file, Action<UploadHeader>? change = null)
    {
        var header = new UploadHeader { ByteLength = file.Length };
        change?.Invoke(header);
        var offsets = Enumerable.Range(0, (file.Length + 65535) / 65536).Select(chunk => chunk * 65536);
        return SendAsync([
            new UploadRequest { Header = header },
            .. offsets.Select(offset => ChunkOf(file[offset..Math.Min(file.Length, offset + 65536)], offset))]);
    }

    private async Task<UploadResponse> SendAsync(IEnumerable<UploadRequest> parts)
    {
        using var call = Client.Upload(deadline: Soon);
        try
        {
            foreach (var part in parts)
            {
                await call.RequestStream.WriteAsync(part);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception over) when (over is RpcException or InvalidOperationException)
        {
            // The answer is there already; it says why.
        }

        return await call.ResponseAsync;
    }

    private async Task<(FileHeader Header, byte[] Bytes)> DownloadAsync(string id)
    {
        using var call = Client.Download(new Contracts.Artifacts.V1.DownloadRequest { ArtifactId = id }, deadline: Soon);
        var parts = await call.ResponseStream.ReadAllAsync().ToListAsync();
        return (parts[0].Header, [.. parts.Skip(1).SelectMany(part => part.Chunk.Data.ToByteArray())]);
    }

    private string[] StoredFiles() => Directory.GetFiles(_host.Artifacts.Root, "*", SearchOption.AllDirectories);
}
