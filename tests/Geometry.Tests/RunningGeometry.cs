using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Realiz3D.Mesh.Contracts.Shaping.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Shaping;
using Realiz3D.Mesh.Storage;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Geometry.Tests;

/// <summary>The real service on loopback with a store of its own.</summary>
public sealed class RunningGeometry : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("geometry").FullName;
    private WebApplication _app = null!;
    private GrpcChannel _channel = null!;

    public GeometryService.GeometryServiceClient Client => new(_channel);

    internal ArtifactStore Store { get; private set; } = null!;

    public static DateTime Soon => DateTime.UtcNow.AddMinutes(3);

    public async Task InitializeAsync()
    {
        Store = new ArtifactStore(_folder);
        _app = GeometryProgram.Build(["--urls", "http://127.0.0.1:0", $"--Geometry:Device={TestDevice.Here}"], Store, new ShapeFitConfig());
        await _app.StartAsync();
        _channel = GrpcChannel.ForAddress(_app.Urls.Single());
    }

    public async Task DisposeAsync()
    {
        _channel.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Stores a mesh as a GLB.</summary>
    internal Task<string> PutAsync(TriangleMesh mesh, GlbMaterial? material = null) =>
        Store.PutAsync(Glb.Write(new GlbAsset(mesh, material ?? new GlbMaterial())));

    /// <summary>All answers of a processing; the last one is the result.</summary>
    public async Task<List<ProcessMeshResponse>> ProcessAsync(ProcessMeshRequest request)
    {
        using var call = Client.ProcessMesh(request, deadline: Soon);
        return await AllAsync(call.ResponseStream);
    }

    /// <summary>All answers of a rendering; the last one is the result.</summary>
    public async Task<List<RenderControlsResponse>> RenderAsync(RenderControlsRequest request)
    {
        using var call = Client.RenderControls(request, deadline: Soon);
        return await AllAsync(call.ResponseStream);
    }

    private static async Task<List<T>> AllAsync<T>(IAsyncStreamReader<T> stream)
    {
        var answers = new List<T>();
        await foreach (var answer in stream.ReadAllAsync())
        {
            answers.Add(answer);
        }

        return answers;
    }
}
