using Microsoft.Extensions.Options;
using Realiz3D.Mesh.Measuring;
using Realiz3D.Mesh.ServiceDefaults;
using Realiz3D.Mesh.Storage;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.Services.AddOptions<MetricsOptions>()
    .BindConfiguration(MetricsOptions.Section)
    .ValidateDataAnnotations()
    .ValidateOnStart();
builder.Services.AddSingleton(_ => ArtifactStore.FromEnvironment());
builder.Services.AddSingleton<EvaluatePipeline>();
builder.Services.AddSingleton(services => new Admission(
    working: 1, services.GetRequiredService<IOptions<MetricsOptions>>().Value.QueueLength));

var app = builder.Build();

app.MapDefaultEndpoints();
app.MapGrpcService<MetricsEndpoint>();
app.Run();
