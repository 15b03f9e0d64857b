using System.Globalization;
using Realiz3D.Mesh.Contracts.Artifacts.V1;
using Realiz3D.Mesh.Contracts.Shaping.V1;

namespace Realiz3D.Mesh.CommandLine;

/// <summary>Draws what painting follows: normals, positions, depth and mask of a mesh.</summary>
internal sealed class ControlsCommand : FileCommand
{
    private static readonly (string Word, ControlKind Meaning)[] s_kinds =
    [
        ("normals", ControlKind.Normals), ("positions", ControlKind.Positions), ("depth", ControlKind.Depth),
        ("inverse-depth", ControlKind.InverseDepth), ("mask", ControlKind.Mask),
    ];

    private readonly RenderControlsRequest _request = new() { Rig = new RigCameras { Name = RigName.Zero123PlusV12 } };

    public override string Name => "controls";

    public override string Usage => """
        usage: controls FILE --out FILE.safetensors [options]

        FILE is a GLB, OBJ, PLY or STL. Pictures lie beside the result: FILE.normals.png and so on.

          --pictures A,B   of normals, positions, depth, inverse-depth, mask (default normals,depth)
          --rig NAME       cameras: v12 or v11 of Zero123++ (default v12)
          --size PIXELS    of a view, 16 to 1024 (default 320)
          --fit            first moves and scales the mesh to fill the views
          --gateway URL    address of the mesh (default: REALIZ3D_GATEWAY)
        """;

    protected override IReadOnlyList<string> Endings => [".safetensors"];

    protected override bool Take(string option, ArgumentReader reader)
    {
        switch (option)
        {
            case "--pictures":
                _request.PictureKinds.Clear();
                _request.PictureKinds.Add(reader.Choices(s_kinds));
                return true;
            case "--rig":
                _request.Rig.Name = reader.Choice(("v12", RigName.Zero123PlusV12), ("v11", RigName.Zero123PlusV11));
                return true;
            case "--size":
                _request.ImageSize = reader.Whole(16, 1024);
                return true;
            case "--fit":
                _request.FitsSphere = true;
                return true;
            default:
                return false;
        }
    }

    protected override void Check()
    {
        RequireOut();
        if (_request.PictureKinds.Count == 0)
        {
            _request.PictureKinds.Add([ControlKind.Normals, ControlKind.Depth]);
        }
    }

    public override async Task RunAsync(FileSession session, CancellationToken stop)
    {
        _request.MeshArtifactId = (await session.UploadAsync(Input, FileKind.Mesh, stop)).ArtifactId;
        var controls = await session.FollowAsync(
            () => new GeometryService.GeometryServiceClient(session.Channel).RenderControls(_request, cancellationToken: stop),
            part => (part.Progress, part.Result),
            stop);
        await session.DownloadAsync(controls.ControlsArtifactId, Out, stop);
        foreach (var picture in controls.Pictures)
        {
            var kind = Array.Find(s_kinds, kind => kind.Meaning == picture.Kind).Word;
            await session.DownloadAsync(picture.ImageArtifactId, Beside($"{kind}.png"), stop);
        }

        session.Remark(string.Create(
            CultureInfo.InvariantCulture, $"{controls.Cameras.Count} views, the mesh covers {controls.Coverages.Min():P0} to {controls.Coverages.Max():P0} of them"));
    }
}
