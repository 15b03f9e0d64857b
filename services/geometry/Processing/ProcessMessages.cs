using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Formats;
using Wire = Realiz3D.Mesh.Contracts.Shaping.V1;

namespace Realiz3D.Mesh.Shaping;

/// <summary>A processed mesh as it goes over the wire.</summary>
internal static class ProcessMessages
{
    /// <summary>The last message of a stream.</summary>
    public static Wire.ProcessedMesh ToWire(this GeometryUpdate.Processed processed) => new()
    {
        MeshArtifactId = processed.Files.Count > 0 ? processed.Files[0].ArtifactId : "",
        Files = { processed.Files.Select(file => new Wire.ProcessedFile { Name = file.Name, ArtifactId = file.ArtifactId }) },
        SourceFormat = processed.Source.Format switch
        {
            MeshFormat.Glb => Wire.MeshFileFormat.Glb,
            MeshFormat.Obj => Wire.MeshFileFormat.Obj,
            MeshFormat.Ply => Wire.MeshFileFormat.Ply,
            _ => Wire.MeshFileFormat.Stl,
        },
        Before = processed.Before.ToWire(),
        After = processed.After.ToWire(),
        Reports = { processed.Reports.Select(ToWire) },
        Losses = { processed.Source.Losses, processed.Source.LossesOfJoining },
    };

    /// <summary>A check with the faces that pass through each other.</summary>
    public static Wire.MeshCheck ToWire(this MeshSoundness soundness)
    {
        var check = MeshChecks.Of(soundness.Inspection);
        check.SelfIntersectionCount = soundness.SelfIntersections;
        return check;
    }

    private static Wire.MeshOperationReport ToWire(MeshReport report) => new()
    {
        Operation = report.Operation,
        VertexCount = report.VertexCount,
        FaceCount = report.FaceCount,
        DropsTextures = report.DropsTextures,
        Repair = report.Repair is not { } repair ? null : new Wire.RepairReport
        {
            DegenerateFaceCount = repair.DegenerateFaces,
            DuplicateFaceCount = repair.DuplicateFaces,
            SurplusFaceCount = repair.SurplusFaces,
            FlippedFaceCount = repair.FlippedFaces,
            RemovedComponentCount = repair.RemovedComponents,
            FilledHoleCount = repair.FilledHoles,
            OpenHoleCount = repair.OpenHoles,
        },
        Weld = report.Weld is not { } weld ? null : new Wire.WeldReport
        {
            MergedVertexCount = weld.MergedVertices,
            RemovedFaceCount = weld.RemovedFaces,
        },
        Unwrap = report.Unwrap is not { } unwrap ? null : new Wire.UnwrapReport
        {
            ChartCount = unwrap.Charts,
            L2Stretch = unwrap.Stretch.L2,
            WorstStretch = unwrap.Stretch.Worst,
        },
    };
}
