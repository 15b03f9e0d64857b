using System.Text.Json;
using Realiz3D.Mesh.Scenes;

namespace Realiz3D.Mesh.Benchmarks.Generation;

/// <summary>What was measured of one job.</summary>
/// <param name="Prompt">The prompt's name.</param>
/// <param name="Seed">The job's seed.</param>
/// <param name="MeanIou">Mean over the six cameras of the IoU between the asset's silhouette and the painted alpha.</param>
/// <param name="Category">What the classifier names the asset.</param>
/// <param name="Colour">The colour nearest to the asset's mean albedo.</param>
/// <param name="Seconds">From submit to the finished job.</param>
/// <param name="StageSeconds">Seconds by stage.</param>
/// <param name="PeakBytes">Largest PSS sum of the mesh while the job ran.</param>
internal sealed record BenchRecord(
    string Prompt,
    ulong Seed,
    double MeanIou,
    SceneCategory Category,
    SceneColour Colour,
    double Seconds,
    Dictionary<string, double> StageSeconds,
    long PeakBytes)
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    /// <summary>Reads a record, or answers null when the job was not measured yet.</summary>
    public static BenchRecord? TryRead(string path) =>
        File.Exists(path) ? JsonSerializer.Deserialize<BenchRecord>(File.ReadAllText(path), s_json) : null;

    /// <summary>Writes the record under another name first, so that a stopped run leaves no half of one.</summary>
    public void Write(string path)
    {
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(this, s_json));
        File.Move(path + ".new", path, overwrite: true);
    }
}
