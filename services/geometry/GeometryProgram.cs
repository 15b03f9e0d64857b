using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.ServiceDefaults;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Shaping;

/// <summary>Puts the service together; tests do the same with another store and a shorter fit.</summary>
internal static class GeometryProgram
{
    // A fit keeps the processor busy: one works, a few wait, the rest are told to come again.
    private const int WaitingCalls = 8;

    public static WebApplication Build(string[] arguments, ArtifactStore store, ShapeFitConfig config)
    {
        var builder = WebApplication.CreateBuilder(arguments);
        builder.AddServiceDefaults();

        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton(config);
        builder.Services.AddSingleton<ReconstructPipeline>();
        builder.Services.AddSingleton<ScenePipeline>();
        builder.Services.AddSingleton(new MeshLimits());
        builder.Services.AddSingleton(services => new ProcessLimits(services.GetRequiredService<MeshLimits>()));
        builder.Services.AddSingleton<ProcessPipeline>();
        builder.Services.AddSingleton<ControlsPipeline>();
        builder.Services.AddSingleton(_ => new Admission(1, WaitingCalls));

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGrpcService<GeometryEndpoint>();
        return app;
    }
}
