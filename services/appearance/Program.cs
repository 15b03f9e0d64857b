using Microsoft.Extensions.Options;
using Realiz3D.Mesh.ServiceDefaults;
using Realiz3D.Mesh.Storage;
using Realiz3D.Mesh.Texturing;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.Services.AddOptions<AppearanceOptions>()
    .BindConfiguration(AppearanceOptions.Section)
    .ValidateDataAnnotations()
    .ValidateOnStart();
builder.Services.AddSingleton(_ => ArtifactStore.FromEnvironment());
builder.Services.AddSingleton<TexturePipeline>();
builder.Services.AddSingleton<AssetSealer>();
builder.Services.AddSingleton(services => new Admission(
    working: 1, services.GetRequiredService<IOptions<AppearanceOptions>>().Value.QueueLength));

var app = builder.Build();

app.MapDefaultEndpoints();
app.MapGrpcService<AppearanceEndpoint>();
app.Run();
