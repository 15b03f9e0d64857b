using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.ServiceDefaults;
using Realiz3D.Mesh.Serving;
using Realiz3D.Mesh.Storage;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Shaping;

/// <summary>Puts the service together; tests do the same with another store and a shorter fit.</summary>
internal static class GeometryProgram
{
    // A fit keeps the processor busy: one works, a few wait, the rest are told to come again.
    private const int WaitingCalls = 8;

    // Where Reconstruct fits; the CPU unless it says otherwise.
    private const string DeviceSetting = "Geometry:Device";

    public static WebApplication Build(string[] arguments, ArtifactStore store, ShapeFitConfig config)
    {
        var builder = WebApplication.CreateBuilder(arguments);
        builder.AddServiceDefaults();

        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton(config);
        builder.Services.AddSingleton(ComputeDevice.Choose(builder.Configuration[DeviceSetting] ?? "cpu", cuda.device_count(), DeviceSetting));
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
