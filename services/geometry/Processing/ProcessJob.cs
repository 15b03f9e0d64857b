using System.Diagnostics.CodeAnalysis;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Storage;
using Wire = Realiz3D.Mesh.Contracts.Shaping.V1;

namespace Realiz3D.Mesh.Shaping;

/// <summary>A request to process a mesh, already checked.</summary>
/// <param name="MeshArtifactId">The mesh.</param>
/// <param name="Operations">What to do, in this order.</param>
/// <param name="Format">Format of the result; null where nothing is written.</param>
/// <param name="Name">What the names of the result's files start with.</param>
internal sealed record ProcessJob(string MeshArtifactId, IReadOnlyList<MeshOperation> Operations, MeshFormat? Format, string Name = ProcessJob.UsualName)
{
    private const int MostOperations = 16;
    private const int LongestName = 64;
    private const string UsualName = "mesh";

    /// <summary>Checks what the client sent. On failure, <paramref name="problem"/> says why in one sentence.</summary>
    public static bool TryParse(
        Wire.ProcessMeshRequest wire,
        [NotNullWhen(true)] out ProcessJob? job,
        [NotNullWhen(false)] out string? problem)
    {
        job = null;
        problem = wire switch
        {
            _ when !ArtifactStore.IsId(wire.MeshArtifactId) => "mesh_artifact_id must be 64 lower-case hexadecimal digits.",
            { Operations.Count: > MostOperations } => $"operations must be at most {MostOperations}.",
            { HasFormat: true } when FormatOf(wire.Format) is null => "format must be MESH_FILE_FORMAT_GLB, _OBJ, _PLY, _STL or _USDZ, or not set.",
            _ when wire.Name.Length > LongestName || !wire.Name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') =>
                $"name must have at most {LongestName} of A-Z a-z 0-9 - _.",
            _ => null,
        };
        var operations = new List<MeshOperation>();
        for (var i = 0; problem is null && i < wire.Operations.Count; i++)
        {
            if (OperationParsing.TryParse(wire.Operations[i], out var operation, out var fault))
            {
                operations.Add(operation);
            }
            else
            {
                problem = $"operations[{i}]: {fault}";
            }
        }

        MeshFormat? format = wire.HasFormat ? FormatOf(wire.Format) : operations.Count > 0 ? MeshFormat.Glb : null;
        if (format is not MeshFormat.Glb && operations.FindIndex(operation => operation is MeshOperation.Tangents) is >= 0 and var at)
        {
            problem ??= $"operations[{at}]: only a GLB holds tangents; leave them out or set format to MESH_FILE_FORMAT_GLB.";
        }

        job = problem is null ? new ProcessJob(wire.MeshArtifactId, operations, format, wire.Name.Length > 0 ? wire.Name : UsualName) : null;
        return problem is null;
    }

    private static MeshFormat? FormatOf(Wire.MeshFileFormat wire) => wire switch
    {
        Wire.MeshFileFormat.Glb => MeshFormat.Glb,
        Wire.MeshFileFormat.Obj => MeshFormat.Obj,
        Wire.MeshFileFormat.Ply => MeshFormat.Ply,
        Wire.MeshFileFormat.Stl => MeshFormat.Stl,
        Wire.MeshFileFormat.Usdz => MeshFormat.Usdz,
        _ => null,
    };
}
