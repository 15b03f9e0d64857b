using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Xunit;

namespace Realiz3D.Mesh.Testing;

/// <summary>gRPC calls whose bodies are written byte by byte, as no client library would.</summary>
/// <param name="address">Where the service listens: clear-text HTTP/2.</param>
public sealed class RawCalls(Uri address) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = address,
        Timeout = s_patience,
    };

    /// <summary>A frame: flags, length as it is claimed, and the bytes that follow.</summary>
    public static byte[] Frame(byte flags, uint length, ReadOnlySpan<byte> bytes)
    {
        var frame = new byte[5 + bytes.Length];
        frame[0] = flags;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), length);
        bytes.CopyTo(frame.AsSpan(5));
        return frame;
    }

    /// <summary>The gRPC status that ends a call with this body.</summary>
    /// <param name="method">Path of the method, "/package.Service/Method".</param>
    /// <param name="body">The request's whole body.</param>
    /// <param name="encoding">Value of grpc-encoding.</param>
    public async Task<int> StatusAsync(string method, byte[] body, string? encoding = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, method)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        if (encoding is not null)
        {
            request.Headers.Add("grpc-encoding", encoding);
        }

        using var response = await _http.SendAsync(request);
        await response.Content.CopyToAsync(Stream.Null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        // A call that ends before its first message has its status among the headers.
        var values = response.TrailingHeaders.TryGetValues("grpc-status", out var trailing)
            ? trailing
            : response.Headers.GetValues("grpc-status");
        return int.Parse(values.Single(), CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
