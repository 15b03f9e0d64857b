using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Reflection.V1;
using static Realiz3D.Mesh.Gateway.Tests.Programs;

namespace Realiz3D.Mesh.Gateway.Tests;

/// <summary>A client that knows no proto learns from the gateway what lies behind it.</summary>
public class ReflectionTests
{
    [Fact]
    public async Task Client_ListsTheServicesBehindTheGateway_AndReadsTheirFiles()
    {
        await using var gateway = await StartGatewayAsync([]);
        using var channel = GrpcChannel.ForAddress(gateway.Urls.Single());
        using var call = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo(deadline: DateTime.UtcNow.AddSeconds(30));

        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.Equal(
            [
                "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
                "realiz3d.mesh.appearance.v1.AppearanceService", "realiz3d.mesh.artifacts.v1.ArtifactService",
                "realiz3d.mesh.denoiser.v1.DenoiserService", "realiz3d.mesh.geometry.v1.GeometryService",
                "realiz3d.mesh.jobs.v1.JobService", "realiz3d.mesh.metrics.v1.MetricsService",
            ],
            call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name).Order(StringComparer.Ordinal));

        await call.RequestStream.WriteAsync(new ServerReflectionRequest { FileContainingSymbol = "realiz3d.mesh.jobs.v1.JobService" });
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.NotEmpty(call.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto);
    }
}
