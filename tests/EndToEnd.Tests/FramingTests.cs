using System.IO.Compression;
using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Contracts.Measuring.V1;
using Realiz3D.Mesh.Contracts.Shaping.V1;
using Realiz3D.Mesh.Contracts.Texturing.V1;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.EndToEnd.Tests;

/// <summary>Every method of every service of a running mesh gets frames that no client sends.</summary>
/// <remarks>
/// Each call ends with an error, no process ends, and memory does not grow: one round sends each method bombs that unpack to
/// 64 MiB and heads that promise up to 4 GiB. The job service alone, byte by byte, is in tests/Jobs.Tests.
/// </remarks>
[Collection("mesh")]
public sealed class FramingTests : IDisposable
{
    private const int Megabyte = 1 << 20;
    private const int TinyMessages = 100_000;
    private static readonly byte[] s_bomb = Bomb();
    private readonly string _directory = Directory.CreateTempSubdirectory("realiz3d-framing-").FullName;

    private static (string Resource, ServiceDescriptor Service)[] Services =>
    [
        ("denoiser-0", DenoiserService.Descriptor),
        ("geometry", GeometryService.Descriptor),
        ("appearance", AppearanceService.Descriptor),
        ("metrics", MetricsService.Descriptor),
        ("jobs", JobService.Descriptor),
    ];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task BrokenFrames_EndWithAnError_AndLeaveEveryServiceAsItWas()
    {
        await using var mesh = await RunningMesh.StartAsync(_directory, new Dictionary<string, string>
        {
            ["Gateway__CallsPerSecond"] = "1000000", // one client stands for many
            ["Gateway__Burst"] = "1000000",
        });
        var addresses = await AddressesAsync(mesh.Resources);
        var processes = mesh.Processes();

        await SendAsync(addresses, mesh.Gateway, new Random(30)); // what the first calls keep is no growth
        var before = processes.ToDictionary(id => id, ProportionalMegabytes);
        for (var round = 1; round <= 2; round++)
        {
            await SendAsync(addresses, mesh.Gateway, new Random(30 + round));
        }

        Assert.Equal(processes.Order(), mesh.Processes().Order());
        Assert.All(processes, id => Assert.InRange(ProportionalMegabytes(id) - before[id], double.NegativeInfinity, 32));
        await mesh.StopAsync();
    }

    /// <summary>One round: the gateway passes the frames of all services on, then each service gets them without it.</summary>
    private static async Task SendAsync(Dictionary<string, string> addresses, string gateway, Random random)
    {
        using var throughGateway = new RawCalls(new Uri(gateway));
        foreach (var (resource, service) in Services)
        {
            using var direct = new RawCalls(new Uri(addresses[resource]));
            foreach (var method in service.Methods)
            {
                var path = $"/{service.FullName}/{method.Name}";
                await SendAsync(direct, path, random);
                await SendAsync(throughGateway, path, random);
            }

            // A stream may carry any number of messages: reflection answers each, a method of one message refuses the second.
            var many = new byte[5 * TinyMessages];
            Assert.Equal(StatusCode.Internal, (StatusCode)await direct.StatusAsync($"/{service.FullName}/{service.Methods[0].Name}", many));
            Assert.Equal(StatusCode.OK, (StatusCode)await direct.StatusAsync("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", many));
            await HeadersOverTheLimitAsync(addresses[resource], service.Methods[0]);
        }
    }

    private static async Task SendAsync(RawCalls calls, string path, Random random)
    {
        async Task EndsAsync(StatusCode expected, byte[] body, string? encoding = null) =>
            Assert.Equal((path, expected), (path, (StatusCode)await calls.StatusAsync(path, body, encoding)));

        for (var i = 0; i < 20; i++)
        {
            var body = new byte[random.Next(1, 200)];
            random.NextBytes(body);
            body[0] |= 2; // flags that do not exist: whatever follows, it is no frame
            Assert.NotEqual(0, await calls.StatusAsync(path, body));
        }

        var frame = RawCalls.Frame(0, 8, [0x92, 0x7D, 5, 1, 2, 3, 4, 5]); // field 2002, which no message has
        for (var length = 0; length < frame.Length; length++)
        {
            await EndsAsync(StatusCode.Internal, frame[..length]);
        }

        await EndsAsync(StatusCode.Internal, RawCalls.Frame(0, 10, new byte[5]));
        await EndsAsync(StatusCode.Internal, RawCalls.Frame(1, 5, new byte[5])); // compressed, and no encoding named
        await EndsAsync(StatusCode.Unknown, RawCalls.Frame(0, 3, [0xFF, 0xFF, 0xFF])); // a message that cannot be parsed
        await EndsAsync(StatusCode.ResourceExhausted, RawCalls.Frame(0, 5 * Megabyte, new byte[5]));
        await EndsAsync(StatusCode.Unknown, RawCalls.Frame(0, uint.MaxValue, new byte[5]));
        await EndsAsync(StatusCode.ResourceExhausted, s_bomb, "gzip");
        Assert.NotEqual(0, await calls.StatusAsync(path, RawCalls.Frame(1, 4, [1, 2, 3, 4]), "gzip"));
    }

    private static async Task HeadersOverTheLimitAsync(string address, MethodDescriptor method)
    {
        using var channel = GrpcChannel.ForAddress(address);
        var bytes = Marshallers.Create(value => value, value => value);
        var call = new Method<byte[], byte[]>(MethodType.Unary, method.Service.FullName, method.Name, bytes, bytes);
        var options = new CallOptions(new Metadata { { "much", new string('x', 100_000) } }, DateTime.UtcNow.AddMinutes(1));

        var failure = await Assert.ThrowsAsync<RpcException>(
            async () => await channel.CreateCallInvoker().AsyncUnaryCall(call, null, options, []));

        Assert.Equal(StatusCode.Internal, failure.StatusCode);
    }

    private static byte[] Bomb()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (var i = 0; i < 64; i++)
            {
                gzip.Write(new byte[Megabyte]);
            }
        }

        return RawCalls.Frame(1, (uint)packed.Length, packed.ToArray());
    }

    private static async Task<Dictionary<string, string>> AddressesAsync(string resources)
    {
        using var client = new HttpClient();
        return JsonNode.Parse(await client.GetStringAsync(resources))!.AsArray()
            .Where(resource => resource!["endpoints"]!.AsArray().Any(endpoint => (string?)endpoint!["name"] == "http"))
            .ToDictionary(
                resource => (string)resource!["name"]!,
                resource => (string)resource!["endpoints"]!.AsArray().First(endpoint => (string?)endpoint!["name"] == "http")!["url"]!);
    }

    private static double ProportionalMegabytes(int process) => ProcessMemory.ProportionalBytes(process) / (double)Megabyte;
}
