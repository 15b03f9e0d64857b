using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Reflection.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Realiz3D.Mesh.Contracts.Denoising.V1;

namespace Realiz3D.Mesh.ServiceDefaults.Tests;

/// <summary>A client that knows no proto learns what a service of the mesh serves.</summary>
public class ReflectionTests
{
    [Fact]
    public async Task Client_ListsTheServices_AndReadsTheirFiles()
    {
        var builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0"]);
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGrpcService<BareDenoiser>(); // after reflection, as the services do
        await app.StartAsync();
        using var channel = GrpcChannel.ForAddress(app.Urls.Single());
        using var call = new ServerReflection.ServerReflectionClient(channel)
            .ServerReflectionInfo(deadline: DateTime.UtcNow.AddSeconds(30));

        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.Equal(
            [
                "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
                "realiz3d.mesh.denoiser.v1.DenoiserService",
            ],
            call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name));

        await call.RequestStream.WriteAsync(
            new ServerReflectionRequest { FileContainingSymbol = "realiz3d.mesh.denoiser.v1.DenoiserService" });
        Assert.True(await call.ResponseStream.MoveNext());
        var files = call.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto
            .Select(bytes => FileDescriptorProto.Parser.ParseFrom(bytes)).ToList();
        Assert.Contains("PredictNoise", files[0].Service.Single().Method.Select(method => method.Name));
        Assert.Contains("realiz3d/mesh/tensor/v1/tensor.proto", files.Select(file => file.Name));
    }

    private sealed class BareDenoiser : DenoiserService.DenoiserServiceBase;
}
