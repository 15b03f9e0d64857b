using System.ComponentModel.DataAnnotations;

namespace Realiz3D.Mesh.Measuring;

/// <summary>Settings of the service, validated at its start.</summary>
internal sealed class MetricsOptions
{
    public const string Section = "Metrics";

    /// <summary>Width and height of a picture on the sheet, in pixels.</summary>
    [Range(16, 1024)]
    public int TileSize { get; set; } = 192;

    /// <summary>Calls that may wait while one works.</summary>
    [Range(0, 1000)]
    public int QueueLength { get; set; } = 16;
}
