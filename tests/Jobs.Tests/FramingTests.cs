using System.IO.Compression;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Reflection.V1;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Jobs.Tests;

/// <summary>Frames that no client sends: each ends with an error, and the service goes on as if nothing had been.</summary>
[Collection(nameof(FramingHost))]
public class FramingTests(FramingHost host) : IAsyncLifetime
{
    private const string Submit = "/realiz3d.mesh.jobs.v1.JobService/Submit";
    private const int Megabyte = 1 << 20;

    private readonly JobsHost _host = host.Jobs;
    private readonly RawCalls _raw = host.Raw;
    private long _heapBefore;

    public async Task InitializeAsync()
    {
        await AnswersAsync(); // what the first call keeps is no growth
        _heapBefore = GC.GetTotalMemory(forceFullCollection: true);
    }

    /// <summary>After each test the service answers, none of the frames became a job, and the heap is as it was.</summary>
    public async Task DisposeAsync()
    {
        await AnswersAsync();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - _heapBefore, long.MinValue, 4 * Megabyte);
    }

    [Fact]
    public async Task RandomBodies_EndWithAnError()
    {
        var random = new Random(20);
        for (var i = 0; i < 300; i++)
        {
            var body = new byte[random.Next(1, 200)];
            random.NextBytes(body);
            Assert.NotEqual(0, await _raw.StatusAsync(Submit, body));
        }
    }

    [Fact]
    public async Task RandomMessages_InRightFrames_EndWithAnError()
    {
        var random = new Random(21);
        for (var i = 0; i < 300; i++)
        {
            var message = new byte[random.Next(0, 200)];
            random.NextBytes(message);
            Assert.NotEqual(0, await _raw.StatusAsync(Submit, RawCalls.Frame(0, (uint)message.Length, message)));
        }
    }

    [Fact]
    public async Task EveryTruncation_EndsWithAnError()
    {
        var message = new SubmitRequest { Spec = new JobSpec { Prompt = "a vase" } }.ToByteArray();
        var frame = RawCalls.Frame(0, (uint)message.Length, message);
        for (var length = 0; length < frame.Length; length++)
        {
            Assert.NotEqual(0, await _raw.StatusAsync(Submit, frame[..length]));
        }
    }

    [Theory]
    [InlineData(0, 10u, StatusCode.Internal)] // longer than what follows
    [InlineData(0, 3u, StatusCode.Unknown)] // shorter: a message that cannot be parsed
    [InlineData(0, 5u * Megabyte, StatusCode.ResourceExhausted)]
    [InlineData(0, 0xFFFFFFFFu, StatusCode.Unknown)] // longer than any message can be
    [InlineData(1, 5u, StatusCode.Internal)] // compressed, and no encoding named
    [InlineData(7, 5u, StatusCode.Unknown)] // flags that do not exist
    public async Task WrongHeads_EndWithTheStatusThatSaysSo(byte flags, uint length, StatusCode expected) =>
        Assert.Equal(expected, (StatusCode)await _raw.StatusAsync(Submit, RawCalls.Frame(flags, length, new byte[5])));

    [Fact]
    public async Task Compressed_ButNot_EndsWithAnError()
    {
        var frame = RawCalls.Frame(1, 4, [1, 2, 3, 4]);

        Assert.NotEqual(0, await _raw.StatusAsync(Submit, frame, "gzip"));
        Assert.Equal(StatusCode.Unimplemented, (StatusCode)await _raw.StatusAsync(Submit, frame, "brotli-of-old"));
    }

    [Fact]
    public async Task CompressedBombs_StopAtTheLimitOfMessages()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (var i = 0; i < 128; i++)
            {
                gzip.Write(new byte[Megabyte]);
            }
        }

        var bomb = RawCalls.Frame(1, (uint)packed.Length, packed.ToArray());
        Assert.InRange(bomb.Length, 1, Megabyte);
        Assert.Equal(StatusCode.ResourceExhausted, (StatusCode)await _raw.StatusAsync(Submit, bomb, "gzip"));

        var before = GC.GetTotalAllocatedBytes();
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(StatusCode.ResourceExhausted, (StatusCode)await _raw.StatusAsync(Submit, bomb, "gzip"));
        }

        Assert.InRange((GC.GetTotalAllocatedBytes() - before) / 4, 0, 32 * Megabyte);
    }

    [Fact]
    public async Task ManyTinyMessages_AreAnsweredOrRefused_AndLeaveNothing()
    {
        var many = new byte[5 * 100_000]; // frames of no bytes
        Assert.Equal(StatusCode.Internal, (StatusCode)await _raw.StatusAsync(Submit, many));
        await ReflectAsync(100_000);
    }

    [Fact]
    public async Task HeadersOverTheLimit_EndTheCall()
    {
        var headers = new Metadata { { "much", new string('x', 100_000) } };

        var failure = await Assert.ThrowsAsync<RpcException>(
            async () => await _host.Client.ListAsync(new ListRequest(), headers, DateTime.UtcNow + JobsHost.Timeout));

        Assert.Equal(StatusCode.Internal, failure.StatusCode);
    }

    private async Task AnswersAsync() =>
        Assert.Empty((await _host.Client.ListAsync(new ListRequest(), deadline: DateTime.UtcNow + JobsHost.Timeout)).Jobs);

    /// <summary>Many empty requests on one stream, each with its answer.</summary>
    private async Task ReflectAsync(int count)
    {
        using var call = new ServerReflection.ServerReflectionClient(_host.Channel).ServerReflectionInfo();
        var write = Task.Run(async () =>
        {
            for (var i = 0; i < count; i++)
            {
                await call.RequestStream.WriteAsync(new ServerReflectionRequest());
            }

            await call.RequestStream.CompleteAsync();
        });
        var refused = 0;
        await foreach (var answer in call.ResponseStream.ReadAllAsync())
        {
            refused += answer.ErrorResponse.ErrorCode == (int)StatusCode.Unimplemented ? 1 : 0;
        }

        await write;
        Assert.Equal(count, refused);
    }
}

/// <summary>One job service for all tests of framing. They run beside no others, as they read the heap that all share.</summary>
[CollectionDefinition(nameof(FramingHost), DisableParallelization = true)]
public sealed class FramingHost : ICollectionFixture<FramingHost>, IAsyncLifetime
{
    internal JobsHost Jobs { get; private set; } = null!;

    internal RawCalls Raw { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Jobs = await JobsHost.StartAsync();
        Raw = new RawCalls(new Uri($"http://{Jobs.Channel.Target}"));
    }

    public async Task DisposeAsync()
    {
        Raw.Dispose();
        await Jobs.DisposeAsync();
    }
}
