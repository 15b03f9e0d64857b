using Aspire.Hosting;
using Realiz3D.Mesh.AppHost;

try
{
    var builder = DistributedApplication.CreateBuilder(args);

    // Stores
    var queue = builder.AddRedis("queue", port: null)
        .WithSettings("--appendonly yes --appendfsync always --maxmemory-policy noeviction");

    var cache = builder.AddRedis("cache", port: null)
        .WithSettings("--appendonly no --maxmemory 64mb --maxmemory-policy allkeys-lru");

    // Services
    var pods = builder.Number("REALIZ3D_DENOISERS") ?? 1;
    var denoisers = Enumerable.Range(0, pods)
        .Select(pod => builder.AddService($"denoiser-{pod}", "../../services/denoiser/Denoiser.csproj").WithTensors().WithReference(cache).WaitFor(cache))
        .ToList();

    var geometry = builder.AddService("geometry", "../../services/geometry/Geometry.csproj").WithTensors();

    var appearance = builder.AddService("appearance", "../../services/appearance/Appearance.csproj");

    var metrics = builder.AddService("metrics", "../../services/metrics/Metrics.csproj");

    var jobs = builder.AddService("jobs", "../../services/jobs/Jobs.csproj")
        .WithEnvironment("Jobs__Workers", $"{builder.Number("Jobs:Workers") ?? pods}") // a job paints on one pod
        .WithReference(queue).WaitFor(queue)
        .WithReference(cache).WaitFor(cache)
        .WithPods("denoiser", denoisers)
        .WithReference(geometry).WaitFor(geometry)
        .WithReference(appearance).WaitFor(appearance)
        .WithReference(metrics).WaitFor(metrics);

    // Gateway
    var gateway = builder.AddService("gateway", "../../services/gateway/Gateway.csproj", builder.Number("REALIZ3D_GATEWAY_PORT"))
        .WithPods("denoiser", denoisers)
        .WithReference(geometry).WaitFor(geometry)
        .WithReference(appearance).WaitFor(appearance)
        .WithReference(metrics).WaitFor(metrics)
        .WithReference(jobs).WaitFor(jobs);

    // Web
    var studio = builder.AddProject("studio", "../../web/Studio/Studio.csproj")
        .WithHttpEndpoint(port: builder.Number("REALIZ3D_STUDIO_PORT"))
        .WithHttpHealthCheck("/health")
        .WithFrugalRuntime()
        .WithReference(gateway).WaitFor(gateway);

    await MeshRun.RunAsync(builder, gateway, studio);
    return 0;
}
catch (DistributedApplicationException problem)
{
    // Standard error carries only what a person has to know.
    await Console.Error.WriteLineAsync($"mesh: {problem.Message}");
    return 1;
}
