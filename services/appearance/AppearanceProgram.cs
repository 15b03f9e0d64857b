using Microsoft.Extensions.Options;
using Realiz3D.Mesh.ServiceDefaults;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Texturing;

/// <summary>Puts the service together; tests do the same with other settings.</summary>
internal static class AppearanceProgram
{
    public static WebApplication Build(string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(arguments);
        builder.AddServiceDefaults();
        builder.Services.AddOptions<AppearanceOptions>()
            .BindConfiguration(AppearanceOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();

        var artifacts = builder.Configuration[ArtifactStore.DirectoryVariable]
            ?? throw new InvalidOperationException($"{ArtifactStore.DirectoryVariable} does not name the artifact directory.");
        builder.Services.AddSingleton(new ArtifactStore(artifacts));
        builder.Services.AddSingleton(services => new Admission(
            working: 1, services.GetRequiredService<IOptions<AppearanceOptions>>().Value.QueueLength));
        builder.Services.AddSingleton<TexturePipeline>();
        builder.Services.AddSingleton<RelightPipeline>();
        builder.Services.AddSingleton<BakePipeline>();
        builder.Services.AddSingleton<AssetSealer>();

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGrpcService<AppearanceEndpoint>();
        return app;
    }
}
