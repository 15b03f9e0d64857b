using System.Globalization;
using Realiz3D.Mesh.Contracts.Artifacts.V1;
using Realiz3D.Mesh.Contracts.Texturing.V1;

namespace Realiz3D.Mesh.CommandLine;

/// <summary>Bakes textures onto a mesh.</summary>
internal sealed class BakeCommand : FileCommand
{
    private readonly BakeRequest _request = new();
    private string? _detail;
    private string? _views;

    public override string Name => "bake";

    public override string Usage => """
        usage: bake FILE --out FILE.glb [options]

        FILE is a GLB, OBJ (with its MTL and pictures), PLY or STL; it gets base colour, roughness, metallic and occlusion, and with --detail a normal map.

          --detail FILE     the same object with more detail: gives the normals, its own light, and the colours where there are no views
          --views FILE      views of it (safetensors): give the colours
          --size PIXELS     of the textures, a power of two, 64 to 4096 (default 1024)
          --rays N          per texel that look for occlusion, 4 to 256 (default 32)
          --roughness R     everywhere, 0 to 1 (default: the detailed mesh's)
          --metallic M      everywhere, 0 to 1 (default: the detailed mesh's)
          --gateway URL     address of the mesh (default: REALIZ3D_GATEWAY)
        """;

    protected override IReadOnlyList<string> Endings => [".glb"];

    protected override bool Take(string option, ArgumentReader reader)
    {
        switch (option)
        {
            case "--detail": _detail = RequireFile(reader.Value()); return true;
            case "--views": _views = RequireFile(reader.Value()); return true;
            case "--size": _request.TextureSize = reader.Whole(64, 4096); return true;
            case "--rays": _request.OcclusionRayCount = reader.Whole(4, 256); return true;
            case "--roughness": _request.Roughness = (float)reader.Number(0, 1); return true;
            case "--metallic": _request.Metallic = (float)reader.Number(0, 1); return true;
            default: return false;
        }
    }

    protected override void Check() => RequireOut();

    public override async Task RunAsync(FileSession session, CancellationToken stop)
    {
        _request.MeshArtifactId = await session.UploadGlbAsync(Input, stop);
        _request.DetailArtifactId = _detail is null ? "" : await session.UploadGlbAsync(_detail, stop);
        _request.ViewsArtifactId = _views is null ? "" : (await session.UploadAsync(_views, FileKind.Views, stop)).ArtifactId;
        var baked = await session.FollowAsync(
            () => new AppearanceService.AppearanceServiceClient(session.Channel).Bake(_request, cancellationToken: stop),
            part => (part.Progress, part.Result),
            stop);
        await session.DownloadAsync(baked.AssetArtifactId, Out, stop);
        var seen = _views is null ? "" : string.Create(CultureInfo.InvariantCulture, $", views saw {baked.TexelCoverage:P0} of it");
        session.Remark($"textures of {baked.TextureSize} pixels{(baked.Unwrapped ? ", newly unwrapped" : "")}{seen}");
    }
}
