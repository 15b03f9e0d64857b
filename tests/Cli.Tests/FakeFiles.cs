using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Realiz3D.Mesh.Contracts.Artifacts.V1;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Contracts.Shaping.V1;
using Realiz3D.Mesh.Contracts.Texturing.V1;
using DownloadRequest = Realiz3D.Mesh.Contracts.Artifacts.V1.DownloadRequest;
using DownloadResponse = Realiz3D.Mesh.Contracts.Artifacts.V1.DownloadResponse;

namespace Realiz3D.Mesh.CommandLine.Tests;

/// <summary>Services on a loopback port that take files, note what is asked of them, and answer with files.</summary>
internal sealed class FakeFiles : IAsyncDisposable
{
    private FakeServer? _server;

    public Dictionary<string, byte[]> Artifacts { get; } = [];

    /// <summary>What was asked, in order.</summary>
    public List<IMessage> Asked { get; } = [];

    /// <summary>What an upload ends with, if not well.</summary>
    public Status? Refusal { get; set; }

    /// <summary>Runs in the middle of each work.</summary>
    public Func<CancellationToken, Task> During { get; set; } = _ => Task.CompletedTask;

    public string Address => _server!.Address;

    public static async Task<FakeFiles> StartAsync()
    {
        var fake = new FakeFiles();
        fake._server = await FakeServer.StartAsync(fake, app =>
        {
            app.MapGrpcService<FileEndpoint>();
            app.MapGrpcService<MeshEndpoint>();
            app.MapGrpcService<AssetEndpoint>();
        });
        return fake;
    }

    public static string IdOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Stores a file that consists of its name.</summary>
    public string Put(string name) => Put(System.Text.Encoding.ASCII.GetBytes(name));

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private string Put(byte[] bytes)
    {
        Artifacts[IdOf(bytes)] = bytes;
        return IdOf(bytes);
    }

    private async Task WorkAsync(IMessage request, CancellationToken cancel)
    {
        Asked.Add(request.GetType().GetMethod("Clone")!.Invoke(request, []) as IMessage ?? request);
        await During(cancel);
    }

    private sealed class FileEndpoint(FakeFiles fake) : ArtifactService.ArtifactServiceBase
    {
        public override async Task<UploadResponse> Upload(IAsyncStreamReader<UploadRequest> requestStream, ServerCallContext context)
        {
            var parts = await requestStream.ReadAllAsync().ToListAsync();
            if (fake.Refusal is { } refusal)
            {
                throw new RpcException(refusal);
            }

            byte[] bytes = [.. parts.Skip(1).SelectMany(part => part.Chunk.Data.ToByteArray())];
            fake.Asked.Add(parts[0].Header);
            return new UploadResponse
            {
                ArtifactId = fake.Put(bytes),
                MediaType = parts[0].Header.Name.EndsWith(".glb", StringComparison.Ordinal) ? "model/gltf-binary" : "model/obj",
                Mesh = new UploadedMesh { HasNormals = parts[0].Header.Name == "normals.obj" },
            };
        }

        public override async Task Download(
            DownloadRequest request, IServerStreamWriter<DownloadResponse> responseStream, ServerCallContext context)
        {
            var bytes = fake.Artifacts[request.ArtifactId];
            await responseStream.WriteAsync(new() { Header = new FileHeader { ByteLength = bytes.Length } });
            await responseStream.WriteAsync(new() { Chunk = new FileChunk { Data = ByteString.CopyFrom(bytes) } });
        }
    }

    private sealed class MeshEndpoint(FakeFiles fake) : GeometryService.GeometryServiceBase
    {
        public override async Task ProcessMesh(
            ProcessMeshRequest request, IServerStreamWriter<ProcessMeshResponse> responseStream, ServerCallContext context)
        {
            await responseStream.WriteAsync(new() { Progress = new StageProgress { Step = 1, StepCount = 3, Message = "decimating" } });
            await fake.WorkAsync(request, context.CancellationToken);
            ProcessedFile[] files = request.HasFormat
                ? [File($"{request.Name}.mesh"), .. request.Format == MeshFileFormat.Obj ? [File($"{request.Name}.mtl")] : Array.Empty<ProcessedFile>()]
                : [];
            await responseStream.WriteAsync(new()
            {
                Result = new ProcessedMesh
                {
                    MeshArtifactId = files.Length > 0 ? files[0].ArtifactId : "",
                    Files = { files },
                    Reports = { request.Operations.Select(_ => new MeshOperationReport { Operation = "decimate", FaceCount = 12 }) },
                    After = new MeshCheck { FaceCount = 12, VertexCount = 8, ComponentCount = 1, Closed = true, Manifold = true, Genus = 0, WindingConsistent = true, Area = 6, SignedVolume = 1 },
                },
            });
        }

        public override async Task RenderControls(
            RenderControlsRequest request, IServerStreamWriter<RenderControlsResponse> responseStream, ServerCallContext context)
        {
            await fake.WorkAsync(request, context.CancellationToken);
            await responseStream.WriteAsync(new()
            {
                Result = new RenderedControls
                {
                    ControlsArtifactId = fake.Put("controls"),
                    Pictures = { request.PictureKinds.Select(kind => new RenderedPicture { Kind = kind, ImageArtifactId = fake.Put($"{kind}") }) },
                    Coverages = { 0.25, 0.5 },
                    Cameras = { new OrbitCamera(), new OrbitCamera() },
                },
            });
        }

        private ProcessedFile File(string name) => new() { Name = name, ArtifactId = fake.Put(name) };
    }

    private sealed class AssetEndpoint(FakeFiles fake) : AppearanceService.AppearanceServiceBase
    {
        public override async Task Bake(BakeRequest request, IServerStreamWriter<BakeResponse> responseStream, ServerCallContext context)
        {
            await fake.WorkAsync(request, context.CancellationToken);
            await responseStream.WriteAsync(new() { Result = new BakedAsset { AssetArtifactId = fake.Put("baked"), TextureSize = 256, Unwrapped = true } });
        }

        public override async Task Relight(RelightRequest request, IServerStreamWriter<RelightResponse> responseStream, ServerCallContext context)
        {
            await fake.WorkAsync(request, context.CancellationToken);
            var pictures = request.Cameras.Select(camera => fake.Put($"picture from {camera.AzimuthDegrees}"));
            await responseStream.WriteAsync(new() { Result = new RelitViews { PictureArtifactIds = { pictures }, UnreadFeatures = { "clearcoat" } } });
        }
    }
}
