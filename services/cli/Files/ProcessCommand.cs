using System.Globalization;
using Realiz3D.Mesh.Contracts.Artifacts.V1;
using Realiz3D.Mesh.Contracts.Shaping.V1;

namespace Realiz3D.Mesh.CommandLine;

/// <summary>Checks, mends, simplifies, unwraps or converts a mesh.</summary>
internal sealed class ProcessCommand : FileCommand
{
    private static readonly Dictionary<string, MeshFileFormat> s_formats = new()
    {
        [".glb"] = MeshFileFormat.Glb,
        [".obj"] = MeshFileFormat.Obj,
        [".ply"] = MeshFileFormat.Ply,
        [".stl"] = MeshFileFormat.Stl,
        [".usdz"] = MeshFileFormat.Usdz,
    };

    private readonly List<MeshOperation> _operations = [];

    public override string Name => "process";

    public override string Usage => """
        usage: process FILE [operations, in this order] --out FILE
               process FILE      only says how sound the mesh is

        FILE is a GLB, OBJ (with its MTL and pictures), PLY or STL; --out may be a .usdz too.

          --repair            faces without area and copies go, holes close, all faces look outwards
          --weld METRES       joins vertices that are at most so far apart
          --decimate FACES    at most so many faces, seams of the texture stay
          --smooth STEPS      smooths without shrinking, 1 to 200 steps
          --remesh FACES      triangles of one size, about so many
          --unwrap [TEXELS]   new texture coordinates for a texture of that size (default 1024)
          --normals [DEGREES] new normals, broken at edges sharper than that
          --tangents          tangents for a normal map
          --place [METRES]    moves the middle to the origin; the longest side gets that length
          --gateway URL       address of the mesh (default: REALIZ3D_GATEWAY)
        """;

    protected override IReadOnlyList<string> Endings => [.. s_formats.Keys];

    protected override bool Take(string option, ArgumentReader reader)
    {
        MeshOperation? operation = option switch
        {
            "--repair" => new() { Repair = new() },
            "--weld" => new() { Weld = new() { Tolerance = reader.Number(0, 1000) } },
            "--decimate" => new() { Decimate = new() { FaceCount = reader.Whole(4, 5_000_000) } },
            "--smooth" => new() { Smooth = new() { IterationCount = reader.Whole(1, 200) } },
            "--remesh" => new() { Remesh = new() { FaceCount = reader.Whole(16, 1_000_000) } },
            "--unwrap" => new() { Unwrap = Unwrap(reader.NumberIfAny(64, 4096)) },
            "--normals" => new() { Normals = Normals(reader.NumberIfAny(0, 180)) },
            "--tangents" => new() { Tangents = new() },
            "--place" => new() { Place = Place(reader.NumberIfAny(0, 1000)) },
            _ => null,
        };
        if (operation is not null)
        {
            _operations.Add(operation);
        }

        return operation is not null;
    }

    protected override void Check()
    {
        if (_operations.Count > 0)
        {
            RequireOut();
        }
    }

    public override async Task RunAsync(FileSession session, CancellationToken stop)
    {
        var mesh = await session.UploadAsync(Input, FileKind.Mesh, stop);
        var request = new ProcessMeshRequest { MeshArtifactId = mesh.ArtifactId, Operations = { _operations } };
        if (Out.Length > 0)
        {
            request.Format = s_formats[Path.GetExtension(Out).ToLowerInvariant()];
            request.Name = FileStem(Out);
        }

        var processed = await session.ProcessAsync(request, stop);
        session.Remark(processed.Reports.Select(Describe));
        foreach (var file in processed.Files)
        {
            var path = file == processed.Files[0] ? Out : Path.Combine(Path.GetDirectoryName(Out) ?? "", file.Name);
            await session.DownloadAsync(file.ArtifactId, path, stop);
        }

        if (Out.Length > 0)
        {
            session.Remark(Describe(processed.After));
        }
        else
        {
            session.Answer(Describe(processed.After));
        }
    }

    // Other files name them by this: an OBJ its MTL, and that its pictures.
    private static string FileStem(string path) => string.Concat(
        Path.GetFileNameWithoutExtension(path).Take(64).Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '_'));

    private static UnwrapMesh Unwrap(double? texels) => texels is { } size ? new() { TextureSize = (int)size } : new();

    private static ComputeNormals Normals(double? degrees) => degrees is { } crease ? new() { CreaseDegrees = crease } : new();

    private static PlaceMesh Place(double? metres) => metres is { } side ? new() { LongestSide = side } : new();

    private static string Describe(MeshOperationReport report)
    {
        var what = report switch
        {
            { Repair: { } repair } => FormattableString.Invariant(
                $"{repair.DegenerateFaceCount + repair.DuplicateFaceCount + repair.SurplusFaceCount} bad faces and {repair.RemovedComponentCount} small pieces removed, {repair.FlippedFaceCount} faces turned over, {repair.FilledHoleCount} holes closed, {repair.OpenHoleCount} left; "),
            { Weld: { } weld } => FormattableString.Invariant($"{weld.MergedVertexCount} vertices joined; "),
            { Unwrap: { } unwrap } => FormattableString.Invariant($"{unwrap.ChartCount} charts, stretch {unwrap.L2Stretch:0.00}; "),
            _ => "",
        };
        var loss = report.DropsTextures ? ", textures given up" : "";
        return FormattableString.Invariant($"{report.Operation}: {what}{report.FaceCount} faces{loss}");
    }

    private static string Describe(MeshCheck check) => string.Create(
        CultureInfo.InvariantCulture,
        $"{check.FaceCount} faces, {check.VertexCount} vertices, {Count(check.ComponentCount, "piece")}, "
        + $"{(check.Closed ? "closed" : Count(check.BoundaryLoopCount, "hole"))}, {(check.Manifold ? "manifold" : $"not manifold at {check.NonManifoldEdgeCount} edges and {check.NonManifoldVertexCount} vertices")}, "
        + $"{(check.HasGenus ? $"genus {check.Genus}, " : "")}{(check.WindingConsistent ? "" : "faces look to both sides, ")}"
        + $"{(check.HasSelfIntersectionCount ? $"{Count(check.SelfIntersectionCount, "self-intersection")}, " : "")}{check.Area:G3} m2"
        + $"{(check.Closed ? $", {check.SignedVolume:G3} m3" : "")}");

    private static string Count(long count, string what) => FormattableString.Invariant($"{count} {what}{(count == 1 ? "" : "s")}");
}
