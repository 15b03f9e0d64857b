using System.Globalization;
using Realiz3D.Mesh.Contracts.Artifacts.V1;
using Realiz3D.Mesh.Contracts.Shaping.V1;
using Realiz3D.Mesh.Contracts.Texturing.V1;

namespace Realiz3D.Mesh.CommandLine;

/// <summary>Takes pictures of an asset under a light.</summary>
internal sealed class RelightCommand : FileCommand
{
    private const double FittingSide = 0.6;   // a cube of it, turned any way round, fills the rig's view
    private const string Softbox = "softbox";
    private const double SoftboxExposure = -2; // a white surface in its key light is then just below white
    private const double CreaseDegrees = 40;  // edges sharper than this are shown sharp where a file has no normals

    private readonly RelightRequest _request = new();
    private readonly RelightCamera _camera = new() { AzimuthDegrees = 30, ElevationDegrees = 20 };
    private string _environment = Softbox;
    private double? _exposure;
    private int _turn = 1;
    private bool _fits;

    public override string Name => "relight";

    public override string Usage => """
        usage: relight FILE --out FILE.png [options]

        FILE is a GLB, OBJ (with its MTL and pictures), PLY or STL within 1 m of the origin; --fit brings any other there.

          --environment E   white, softbox, overcast or sunset, or a Radiance picture of the whole sphere, FILE.hdr (default softbox)
          --azimuth DEG     where the camera stands: 0 in front, 90 on the right (default 30)
          --elevation DEG   how high, -90 to 90 (default 20)
          --turn N          N pictures all round, 1 to 16: FILE.1.png and so on
          --rotation DEG    turns the light
          --exposure STOPS  brighter or darker, -16 to 16 (default -2 for softbox, whose lamps are strong, otherwise 0)
          --backdrop        shows the environment behind it
          --paths N         traces N paths a pixel, 1 to 4096: with shadows, slower
          --bounces N       of light between surfaces, 0 to 8, for --paths
          --size PIXELS     16 to 1024 (default 512)
          --fit             first moves and scales it to fill the picture; one material is kept
          --gateway URL     address of the mesh (default: REALIZ3D_GATEWAY)
        """;

    protected override IReadOnlyList<string> Endings => [".png"];

    protected override bool Take(string option, ArgumentReader reader)
    {
        switch (option)
        {
            case "--environment": _environment = reader.Value(); return true;
            case "--azimuth": _camera.AzimuthDegrees = (float)reader.Number(-360, 360); return true;
            case "--elevation": _camera.ElevationDegrees = (float)reader.Number(-90, 90); return true;
            case "--turn": _turn = reader.Whole(1, 16); return true;
            case "--rotation": _request.RotationDegrees = (float)reader.Number(-360, 360); return true;
            case "--exposure": _exposure = reader.Number(-16, 16); return true;
            case "--backdrop": _request.Backdrop = Backdrop.Environment; return true;
            case "--paths": (_request.Quality, _request.SampleCount) = (LightQuality.Paths, reader.Whole(1, 4096)); return true;
            case "--bounces": _request.BounceCount = reader.Whole(0, 8); return true;
            case "--size": _request.ImageSize = reader.Whole(16, 1024); return true;
            case "--fit": _fits = true; return true;
            default: return false;
        }
    }

    protected override void Check()
    {
        RequireOut();
        if (_request.HasBounceCount && !_request.HasSampleCount)
        {
            throw new UsageException("--bounces is for --paths alone; give both.");
        }

        if (IsPicture)
        {
            RequireFile(_environment);
        }

        _request.Exposure = (float)(_exposure ?? (_environment == Softbox ? SoftboxExposure : 0));

        for (var view = 0; view < _turn; view++)
        {
            var camera = _camera.Clone();
            camera.AzimuthDegrees = (_camera.AzimuthDegrees + (view * 360f / _turn)) % 360;
            _request.Cameras.Add(camera);
        }
    }

    public override async Task RunAsync(FileSession session, CancellationToken stop)
    {
        _request.AssetArtifactId = await session.UploadGlbAsync(Input, stop, Prepare, CreaseDegrees);
        if (IsPicture)
        {
            _request.EnvironmentArtifactId = (await session.UploadAsync(_environment, FileKind.Environment, stop)).ArtifactId;
        }
        else
        {
            _request.EnvironmentName = _environment;
        }

        var relit = await session.FollowAsync(
            () => new AppearanceService.AppearanceServiceClient(session.Channel).Relight(_request, cancellationToken: stop),
            part => (part.Progress, part.Result),
            stop);
        for (var view = 0; view < _turn; view++)
        {
            var path = _turn == 1 ? Out : Beside(string.Create(CultureInfo.InvariantCulture, $"{view + 1}.png"));
            await session.DownloadAsync(relit.PictureArtifactIds[view], path, stop);
        }

        session.Remark(relit.UnreadFeatures.Select(feature => $"{feature} is not rendered."));
    }

    // A GLB that need not move is taken as it is: what processing keeps is one material.
    private void Prepare(UploadResponse mesh, ICollection<MeshOperation> operations)
    {
        if (_fits)
        {
            operations.Add(new MeshOperation { Place = new PlaceMesh { LongestSide = FittingSide } });
        }

        if (mesh.Mesh is { HasNormals: false } && (_fits || mesh.MediaType != FileSession.Glb))
        {
            operations.Add(new MeshOperation { Normals = new ComputeNormals { CreaseDegrees = CreaseDegrees } });
        }
    }

    private bool IsPicture => _environment.EndsWith(".hdr", StringComparison.OrdinalIgnoreCase) || _environment.EndsWith(".pic", StringComparison.OrdinalIgnoreCase);
}
