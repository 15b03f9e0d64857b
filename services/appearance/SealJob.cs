using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Realiz3D.Mesh.Contracts.Texturing.V1;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Texturing;

/// <summary>A request to seal, already checked.</summary>
/// <param name="AssetId">Artifact of the asset.</param>
/// <param name="Provenance">Where it comes from.</param>
/// <param name="Report">How good it is.</param>
internal sealed record SealJob(string AssetId, JsonObject Provenance, JsonObject Report)
{
    private const int MaxJsonBytes = 1 << 20;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <summary>Checks what the client sent. On failure, <paramref name="problem"/> says why in one sentence.</summary>
    public static bool TryParse(
        SealRequest wire, [NotNullWhen(true)] out SealJob? job, [NotNullWhen(false)] out string? problem)
    {
        var (provenance, report) = (ReadObject(wire.ProvenanceJson), ReadObject(wire.ReportJson));
        problem = wire switch
        {
            _ when !ArtifactStore.IsId(wire.AssetArtifactId) => "asset_artifact_id must be 64 lower-case hexadecimal digits.",
            _ when provenance is null => "provenance_json must be a JSON object of at most 1 MiB.",
            _ when report is null => "report_json must be a JSON object of at most 1 MiB.",
            _ => null,
        };
        job = problem is null ? new SealJob(wire.AssetArtifactId, provenance!, report!) : null;
        return problem is null;
    }

    private static JsonObject? ReadObject(string json)
    {
        if (Encoding.UTF8.GetByteCount(json) > MaxJsonBytes)
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(json, documentOptions: Strict) as JsonObject;
        }
        catch (JsonException)
        {
            return null; // the caller says what was expected
        }
    }
}
