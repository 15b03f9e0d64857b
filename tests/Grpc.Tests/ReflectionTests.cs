using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection;
using Grpc.Reflection.V1;
using Alpha = Grpc.Reflection.V1Alpha;
using Health = Grpc.Health.V1.Health;

namespace Realiz3D.Mesh.Grpc.Tests;

/// <summary>grpc.reflection over loopback, asked as a stock client asks.</summary>
public class ReflectionTests(CounterHost host) : IClassFixture<CounterHost>
{
    private const string Counter = "realiz3d.mesh.grpctests.v1.CounterService";
    private const string CounterFile = "realiz3d/mesh/grpctests/v1/counter_service.proto";

    private static DateTime Soon => DateTime.UtcNow + CounterHost.Patience;

    [Fact]
    public async Task ListServices_NamesThemAll()
    {
        var answer = await AskAsync(new ServerReflectionRequest { ListServices = "*" });

        Assert.Equal([Counter, "grpc.health.v1.Health"], answer.ListServicesResponse.Service.Select(service => service.Name));
    }

    [Theory]
    [InlineData(Counter)]
    [InlineData($"{Counter}.Double")]
    [InlineData("realiz3d.mesh.grpctests.v1.CountRequest")]
    public async Task FileContainingSymbol_IsTheWholeFile(string symbol)
    {
        var answer = await AskAsync(new ServerReflectionRequest { FileContainingSymbol = symbol });

        var file = FileDescriptorProto.Parser.ParseFrom(Assert.Single(answer.FileDescriptorResponse.FileDescriptorProto));
        Assert.Equal(CounterFile, file.Name);
        Assert.Equal(["Double", "Count", "Sum", "Accumulate"], Assert.Single(file.Service).Method.Select(method => method.Name));
        Assert.Contains(file.MessageType, message => message.Name == "DoubleResponse");
    }

    [Fact]
    public async Task FileByFilename_BuildsTheDescriptorsAnew()
    {
        var answer = await AskAsync(new ServerReflectionRequest { FileByFilename = CounterFile });

        var built = FileDescriptor.BuildFromByteStrings(answer.FileDescriptorResponse.FileDescriptorProto.Reverse());
        Assert.Equal(4, built[^1].Services.Single().Methods.Count);
    }

    [Fact]
    public async Task Stream_AnswersInOrder_AndSaysWhatItCannot()
    {
        ServerReflectionRequest[] requests =
        [
            new() { FileByFilename = "missing.proto" },
            new() { FileContainingSymbol = "missing.Symbol" },
            new() { AllExtensionNumbersOfType = Counter },
            new(),
            new() { ListServices = "" },
        ];
        using var call = new ServerReflection.ServerReflectionClient(host.Channel).ServerReflectionInfo(deadline: Soon);
        foreach (var request in requests)
        {
            await call.RequestStream.WriteAsync(request);
        }

        await call.RequestStream.CompleteAsync();
        var answers = await call.ResponseStream.ReadAllAsync().ToListAsync();

        Assert.Equal(
            [(int)StatusCode.NotFound, (int)StatusCode.NotFound, (int)StatusCode.Unimplemented, (int)StatusCode.Unimplemented],
            answers.SkipLast(1).Select(answer => answer.ErrorResponse.ErrorCode));
        Assert.Equal(2, answers[^1].ListServicesResponse.Service.Count);
    }

    [Fact]
    public async Task TheOlderVersion_AnswersTheSame()
    {
        using var call = new Alpha.ServerReflection.ServerReflectionClient(host.Channel).ServerReflectionInfo(deadline: Soon);
        await call.RequestStream.WriteAsync(new Alpha.ServerReflectionRequest { FileContainingSymbol = Counter });
        Assert.True(await call.ResponseStream.MoveNext());
        var older = call.ResponseStream.Current;

        var newer = await AskAsync(new ServerReflectionRequest { FileContainingSymbol = Counter });
        Assert.Equal(newer.ToByteString(), older.ToByteString());
        Assert.NotEmpty(older.FileDescriptorResponse.FileDescriptorProto);
    }

    [Fact]
    public void Registry_KnowsImportsNestedTypesAndEnums()
    {
        var registry = SymbolRegistry.FromFiles([Health.Descriptor.File, UninterpretedOption.Descriptor.File]);

        Assert.Same(Health.Descriptor.File, registry.FileContainingSymbol("grpc.health.v1.HealthCheckResponse.ServingStatus"));
        Assert.Same(
            UninterpretedOption.Descriptor.File,
            registry.FileContainingSymbol("google.protobuf.UninterpretedOption.NamePart"));
        Assert.Same(Health.Descriptor.File, registry.FileByName(Health.Descriptor.File.Name));
        Assert.Null(registry.FileByName("missing.proto"));
        Assert.Null(registry.FileContainingSymbol("grpc.health.v1"));
    }

    private async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request)
    {
        using var call = new ServerReflection.ServerReflectionClient(host.Channel).ServerReflectionInfo(deadline: Soon);
        await call.RequestStream.WriteAsync(request);
        Assert.True(await call.ResponseStream.MoveNext());
        return call.ResponseStream.Current;
    }
}
