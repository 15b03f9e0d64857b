using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Shaping;

/// <summary>What a pipeline reports while it works.</summary>
internal abstract record GeometryUpdate
{
    /// <summary>A step is done.</summary>
    /// <param name="Done">Steps done.</param>
    /// <param name="Total">Steps in all.</param>
    /// <param name="Message">What is being done, for people.</param>
    internal sealed record Progress(int Done, int Total, string Message) : GeometryUpdate;

    /// <summary>The last report of a reconstruction.</summary>
    /// <param name="ArtifactId">The mesh, a GLB.</param>
    /// <param name="Inspection">Its soundness.</param>
    /// <param name="SilhouetteIous">Intersection over union per view.</param>
    /// <param name="StepCount">Steps of the fit.</param>
    internal sealed record Shaped(
        string ArtifactId, MeshInspection Inspection, IReadOnlyList<double> SilhouetteIous, int StepCount) : GeometryUpdate;

    /// <summary>The last report of a rendered scene.</summary>
    /// <param name="ArtifactId">The views.</param>
    /// <param name="Caption">The object in words.</param>
    /// <param name="Category">Its category, lower case.</param>
    internal sealed record Rendered(string ArtifactId, string Caption, string Category) : GeometryUpdate;
}
