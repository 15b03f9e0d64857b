using System.Net;

namespace Realiz3D.Mesh.Benchmarks.Grpc;

/// <summary>Plain HTTP/2 bodies through the same SocketsHttpHandler.</summary>
internal sealed class HttpTransfer(int port) : ITransfer
{
    private readonly byte[] _echo = new byte[TransferLimits.EchoBytes];
    private readonly byte[][] _echoed = [.. Enumerable.Range(0, TransferLimits.MaxInFlight).Select(_ => new byte[TransferLimits.EchoBytes + 1])];
    private readonly byte[] _tensor = new byte[TransferLimits.StreamBytes];

    private readonly HttpClient _client = new(new SocketsHttpHandler { EnableMultipleHttp2Connections = true })
    {
        BaseAddress = new Uri($"http://127.0.0.1:{port}"),
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    public async Task EchoAsync(int slot)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/copy") { Content = new ByteArrayContent(_echo) };
        ITransfer.Require(await ReadAsync(request, _echoed[slot]), TransferLimits.EchoBytes);
    }

    public async Task ReceiveAsync(int count, int bytes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/copy/{count}/{bytes}");
        ITransfer.Require(await ReadAsync(request, _tensor), (long)count * bytes);
    }

    public void Dispose() => _client.Dispose();

    private async Task<long> ReadAsync(HttpRequestMessage request, byte[] target)
    {
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync();
        return await body.ReadAtLeastAsync(target, target.Length, throwOnEndOfStream: false);
    }
}
