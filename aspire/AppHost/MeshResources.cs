using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Realiz3D.Mesh.AppHost;

/// <summary>What the mesh's resources have in common.</summary>
internal static class MeshResources
{
    /// <summary>A whole number among the settings, or null if it is not set.</summary>
    /// <exception cref="DistributedApplicationException">It is no number.</exception>
    public static int? Number(this IDistributedApplicationBuilder builder, string name) =>
        builder.Configuration[name] switch
        {
            null or "" => null,
            var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
            var text => throw new DistributedApplicationException($"{name} must be a whole number, not '{text}'."),
        };

    /// <summary>Adds a service: gRPC over clear-text HTTP/2, healthy when GET /health says so.</summary>
    public static IResourceBuilder<ProjectResource> AddService(
        this IDistributedApplicationBuilder builder,
        string name,
        string projectPath,
        int? port = null) =>
        builder.AddProject(name, projectPath)
            .WithHttpEndpoint(port: port)
            .AsHttp2Service()
            .WithHttpHealthCheck("/health")
            .WithFrugalRuntime()
            .WithEnvironment("REALIZ3D_ARTIFACTS", builder.Folder("REALIZ3D_ARTIFACTS", "../../artifacts/store"))
            .WithEnvironment("REALIZ3D_MODELS", builder.Folder("REALIZ3D_MODELS", "../../services/denoiser/models"));

    /// <summary>
    /// References the pods of a service as addresses 0 to N-1 of one name, and waits for them. They are N resources, not
    /// replicas, because the callers balance per call.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithPods(
        this IResourceBuilder<ProjectResource> builder,
        string serviceName,
        IReadOnlyList<IResourceBuilder<ProjectResource>> pods)
    {
        for (var pod = 0; pod < pods.Count; pod++)
        {
            builder.WithEnvironment($"services__{serviceName}__http__{pod}", pods[pod].GetEndpoint("http")).WaitFor(pods[pod]);
        }

        return builder;
    }

    /// <summary>
    /// Small heaps and no more threads than cores. The stages of a job run one after another, so each service may use
    /// every core; the mesh as a whole has to fit in 4 GiB.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithFrugalRuntime(this IResourceBuilder<ProjectResource> builder)
    {
        var cores = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture);
        return builder
            .WithEnvironment("OMP_NUM_THREADS", cores)
            .WithEnvironment("OPENBLAS_NUM_THREADS", cores)
            .WithEnvironment("DOTNET_gcServer", "0")
            .WithEnvironment("DOTNET_GCConserveMemory", "5")
            .WithEnvironment("DOTNET_TieredPGO", "0")           // methods are compiled twice, not three times
            .WithEnvironment("DOTNET_SYSTEM_BUFFERS_SHAREDARRAYPOOL_MAXARRAYSPERPARTITION", "8")
            .WithEnvironment("MALLOC_ARENA_MAX", "1")           // glibc would keep a heap per thread
            .WithEnvironment("MALLOC_MMAP_THRESHOLD_", "32768"); // what is large goes back to the system when it is freed
    }

    /// <summary>
    /// Keeps the memory of freed tensors for the next ones, as glibc does by itself after a while: pages fresh from the system cost a
    /// step of the denoiser as much time as the step itself.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithTensors(this IResourceBuilder<ProjectResource> builder) =>
        builder.WithEnvironment("MALLOC_MMAP_THRESHOLD_", "33554432").WithEnvironment("MALLOC_TRIM_THRESHOLD_", "67108864");

    /// <summary>Adds settings to the command that starts a Redis server.</summary>
    public static IResourceBuilder<RedisResource> WithSettings(this IResourceBuilder<RedisResource> builder, string settings) =>
        // The server is started by `/bin/sh -c "redis-server ..."`: settings belong inside the last argument.
        builder.WithArgs(context => context.Args[^1] = $"{context.Args[^1]} {settings}");

    private static string Folder(this IDistributedApplicationBuilder builder, string name, string standard) =>
        Path.GetFullPath(builder.Configuration[name] is { Length: > 0 } folder
            ? Path.GetFullPath(folder)
            : Path.Combine(builder.AppHostDirectory, standard));
}
