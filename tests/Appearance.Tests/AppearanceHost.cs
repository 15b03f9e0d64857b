using System.Numerics;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Realiz3D.Mesh.Contracts.Texturing.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Texturing.Tests;

/// <summary>The appearance service on a loopback port, with an artifact store of its own.</summary>
internal sealed class AppearanceHost : IAsyncDisposable
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory;
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private AppearanceHost(WebApplication app, TemporaryDirectory directory)
    {
        (_app, _directory) = (app, directory);
        _channel = GrpcChannel.ForAddress(app.Urls.Single());
        Client = new AppearanceService.AppearanceServiceClient(_channel);
        Artifacts = new ArtifactStore(directory.Path);
    }

    public AppearanceService.AppearanceServiceClient Client { get; }

    public ArtifactStore Artifacts { get; }

    public static async Task<AppearanceHost> StartAsync(params string[] settings)
    {
        var directory = new TemporaryDirectory();
        var app = AppearanceProgram.Build(
            ["--urls=http://127.0.0.1:0", $"--REALIZ3D_ARTIFACTS={directory.Path}", "--Logging:LogLevel:Default=None", .. settings]);
        await app.StartAsync();
        return new AppearanceHost(app, directory);
    }

    /// <summary>Stores a sphere and its exact views in one colour.</summary>
    public async Task<(string Mesh, string Views)> PutSphereAsync(Vector3 color)
    {
        var mesh = Glb.Write(new GlbAsset(TestMeshes.Sphere(0.4, 4), new GlbMaterial()));
        var sphere = new PaintedSphere(0.4f, _ => color, n => StudioLight.Irradiance(n.X, n.Y, n.Z));
        return (await Artifacts.PutAsync(mesh), await Artifacts.PutAsync(sphere.Views(CameraRig.Zero123PlusV12, 32).ToBytes()));
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.DisposeAsync();
        _directory.Dispose();
    }
}
