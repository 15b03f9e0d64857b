using System.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Realiz3D.Mesh.ServiceDefaults;

/// <summary>Server reflection over the gRPC services that a program has mapped, and those that it passes calls on to.</summary>
/// <remarks>The latter are what it has registered as <see cref="ServiceDescriptor"/>.</remarks>
internal static class MappedServices
{
    /// <summary>Registers reflection. It looks at what is mapped when it is first asked, which is after all is mapped.</summary>
    public static void AddReflection(this IServiceCollection services) => services
        .AddSingleton(provider => new ReflectionV1ServiceImpl(Descriptors(provider)))
        .AddSingleton(provider => new ReflectionServiceImpl(Descriptors(provider)));

    /// <summary>Maps <c>grpc.reflection.v1</c> and its older name, <c>v1alpha</c>.</summary>
    public static void MapReflection(this WebApplication app)
    {
        app.MapGrpcService<ReflectionV1ServiceImpl>();
        app.MapGrpcService<ReflectionServiceImpl>();
    }

    private static IEnumerable<ServiceDescriptor> Descriptors(IServiceProvider provider) => provider
        .GetRequiredService<EndpointDataSource>().Endpoints
        .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.ServiceType)
        .OfType<Type>()
        .Distinct()
        .Select(DescriptorOf)
        .OfType<ServiceDescriptor>()
        .Concat(provider.GetServices<ServiceDescriptor>())
        .OrderBy(service => service.FullName, StringComparer.Ordinal);

    /// <summary>Generated code puts the descriptor beside the base class, into the type that also binds the service.</summary>
    private static ServiceDescriptor? DescriptorOf(Type service) => service
        .GetCustomAttribute<BindServiceMethodAttribute>(inherit: true)?
        .BindType.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?
        .GetValue(null) as ServiceDescriptor;
}
