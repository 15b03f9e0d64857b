using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Contracts.Measuring.V1;
using Realiz3D.Mesh.Contracts.Shaping.V1;
using Realiz3D.Mesh.Contracts.Texturing.V1;
using Realiz3D.Mesh.ServiceDefaults;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Jobs;

/// <summary>Puts the service together; tests do the same with other addresses.</summary>
internal static class JobsProgram
{
    public static WebApplication Build(string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(arguments);
        builder.AddServiceDefaults();

        builder.Services.AddSingleton(TimeProvider.System);

        // Stores
        var options = JobsOptions.Read(builder.Configuration);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(new ArtifactStore(options.Artifacts));
        builder.Services.AddSingleton(_ => RedisLink.ConnectAsync(options.Queue).GetAwaiter().GetResult());
        builder.Services.AddSingleton<JobStore>();
        builder.Services.AddSingleton<StageDurations>();

        // Files from outside
        builder.Services.AddSingleton(UploadOptions.Read(builder.Configuration));
        builder.Services.AddSingleton<FileReceiver>();

        // The services that do the stages
        builder.AddServiceClient<DenoiserService.DenoiserServiceClient>("denoiser");
        builder.AddServiceClient<GeometryService.GeometryServiceClient>("geometry");
        builder.AddServiceClient<AppearanceService.AppearanceServiceClient>("appearance");
        builder.AddServiceClient<MetricsService.MetricsServiceClient>("metrics");

        // The work
        builder.Services.AddSingleton<StageCalls>();
        builder.Services.AddSingleton<JobPipeline>();
        builder.Services.AddSingleton<JobWatcher>();
        for (var worker = 0; worker < options.Workers; worker++)
        {
            builder.Services.AddSingleton<IHostedService, JobWorker>();
        }

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGrpcService<JobsEndpoint>();
        app.MapGrpcService<ArtifactsEndpoint>();
        return app;
    }
}
