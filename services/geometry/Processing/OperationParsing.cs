using System.Diagnostics.CodeAnalysis;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Kind = Realiz3D.Mesh.Contracts.Shaping.V1.MeshOperation.KindOneofCase;
using Wire = Realiz3D.Mesh.Contracts.Shaping.V1;

namespace Realiz3D.Mesh.Shaping;

/// <summary>Checks operations on the wire.</summary>
internal static class OperationParsing
{
    private const int MostFaces = 5_000_000;
    private const int MostRemeshedFaces = 1_000_000;
    private const double LeastTolerance = 1e-9;
    private const double MostLength = 1000;
    private const int DefaultTextureSize = 1024;
    private const int DefaultPadding = 8;
    private const int PaddingShare = 16; // of the texture's size

    /// <summary>Checks one operation. On failure, <paramref name="problem"/> says why: a field and its limits.</summary>
    public static bool TryParse(Wire.MeshOperation wire, [NotNullWhen(true)] out MeshOperation? operation, [NotNullWhen(false)] out string? problem)
    {
        problem = Problem(wire);
        operation = problem is null ? Make(wire) : null;
        return problem is null;
    }

    private static string? Problem(Wire.MeshOperation wire) => wire.KindCase switch
    {
        Kind.Repair => wire.Repair switch
        {
            { HasSmallestComponent: true, SmallestComponent: not (>= 0 and <= 1) } => "repair.smallest_component must be 0 to 1.",
            { HasLongestHole: true, LongestHole: not (>= 0 and <= 1000) } => "repair.longest_hole must be 0 to 1000.",
            _ => null,
        },
        Kind.Weld when wire.Weld.Tolerance is not (0 or (>= LeastTolerance and <= MostLength)) => "weld.tolerance must be 0, or 1e-9 to 1000.",
        Kind.Decimate when wire.Decimate.FaceCount is not (>= 4 and <= MostFaces) => $"decimate.face_count must be 4 to {MostFaces}.",
        Kind.Smooth => wire.Smooth switch
        {
            { IterationCount: not (>= 1 and <= 200) } => "smooth.iteration_count must be 1 to 200.",
            { HasStrength: true, Strength: not (> 0 and <= 1) } => "smooth.strength must be above 0 to 1.",
            _ => null,
        },
        Kind.Remesh => wire.Remesh switch
        {
            { TargetCase: Wire.RemeshMesh.TargetOneofCase.None } => "remesh.edge_length or remesh.face_count must be set.",
            { HasEdgeLength: true, EdgeLength: not (> 0 and <= MostLength) } => "remesh.edge_length must be above 0 to 1000.",
            { HasFaceCount: true, FaceCount: not (>= 16 and <= MostRemeshedFaces) } => $"remesh.face_count must be 16 to {MostRemeshedFaces}.",
            _ => null,
        },
        Kind.Unwrap => wire.Unwrap switch
        {
            { HasTextureSize: true, TextureSize: not (>= 64 and <= 4096) } => "unwrap.texture_size must be 64 to 4096.",
            { HasPaddingTexels: true } when wire.Unwrap.PaddingTexels < 0 || wire.Unwrap.PaddingTexels > Math.Min(64, TextureSize(wire.Unwrap) / PaddingShare) =>
                $"unwrap.padding_texels must be 0 to {Math.Min(64, TextureSize(wire.Unwrap) / PaddingShare)} for a texture of {TextureSize(wire.Unwrap)}.",
            _ => null,
        },
        Kind.Normals when wire.Normals is { HasCreaseDegrees: true, CreaseDegrees: not (>= 0 and <= 180) } => "normals.crease_degrees must be 0 to 180.",
        Kind.Place when wire.Place is { HasLongestSide: true, LongestSide: not (> 0 and <= MostLength) } => "place.longest_side must be above 0 to 1000.",
        Kind.None => "one operation must be set.",
        _ => null,
    };

    private static MeshOperation Make(Wire.MeshOperation wire) => wire.KindCase switch
    {
        Kind.Repair => new MeshOperation.Repair(Config(wire.Repair)),
        Kind.Weld => new MeshOperation.Weld(wire.Weld.Tolerance),
        Kind.Decimate => new MeshOperation.Decimate(wire.Decimate.FaceCount),
        Kind.Smooth => new MeshOperation.Smooth(wire.Smooth.IterationCount, wire.Smooth.HasStrength ? wire.Smooth.Strength : 0.5),
        Kind.Remesh => new MeshOperation.Remesh(wire.Remesh.HasEdgeLength ? wire.Remesh.EdgeLength : null, wire.Remesh.FaceCount),
        Kind.Unwrap => new MeshOperation.Unwrap(Config(wire.Unwrap)),
        Kind.Normals => new MeshOperation.Normals(wire.Normals.HasCreaseDegrees ? wire.Normals.CreaseDegrees : null),
        Kind.Tangents => new MeshOperation.Tangents(),
        _ => new MeshOperation.Place(wire.Place.HasLongestSide ? wire.Place.LongestSide : null),
    };

    private static MeshRepairConfig Config(Wire.RepairMesh wire)
    {
        var config = new MeshRepairConfig();
        return new MeshRepairConfig(
            wire.HasSmallestComponent ? wire.SmallestComponent : config.SmallestComponent,
            wire.HasLongestHole ? wire.LongestHole : config.LongestHole);
    }

    private static UnwrapConfig Config(Wire.UnwrapMesh wire)
    {
        var size = TextureSize(wire);
        return new UnwrapConfig(size, wire.HasPaddingTexels ? wire.PaddingTexels : Math.Min(DefaultPadding, size / PaddingShare));
    }

    private static int TextureSize(Wire.UnwrapMesh wire) => wire.HasTextureSize ? wire.TextureSize : DefaultTextureSize;
}
