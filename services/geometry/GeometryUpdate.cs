using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Shaping;

/// <summary>What a pipeline reports while it works.</summary>
internal abstract record GeometryUpdate
{
    /// <summary>A step is done.</summary>
    /// <param name="Done">Steps done.</param>
    /// <param name="Total">Steps in all.</param>
    /// <param name="Message">What is being done, for people.</param>
    internal sealed record Progress(int Done, int Total, string Message) : GeometryUpdate
    {
        /// <summary>A picture of the work so far, at most 64 KiB; empty for none.</summary>
        public byte[] PreviewPng { get; init; } = [];
    }

    /// <summary>The last report of a reconstruction.</summary>
    /// <param name="ArtifactId">The mesh, a GLB.</param>
    /// <param name="Soundness">Its soundness.</param>
    /// <param name="SilhouetteIous">Intersection over union per view.</param>
    /// <param name="StepCount">Steps of the fit.</param>
    internal sealed record Shaped(
        string ArtifactId, MeshSoundness Soundness, IReadOnlyList<double> SilhouetteIous, int StepCount) : GeometryUpdate;

    /// <summary>The last report of a rendered scene.</summary>
    /// <param name="ArtifactId">The views.</param>
    /// <param name="Caption">The object in words.</param>
    /// <param name="Category">Its category, lower case.</param>
    internal sealed record Rendered(string ArtifactId, string Caption, string Category) : GeometryUpdate;

    /// <summary>The last report of a processed mesh.</summary>
    /// <param name="Files">Names and artifacts of the result, the mesh first; empty where it was checked only.</param>
    /// <param name="Source">What was read.</param>
    /// <param name="Before">Soundness of the mesh as it came.</param>
    /// <param name="After">Soundness of the mesh as it went.</param>
    /// <param name="Reports">What each operation did.</param>
    internal sealed record Processed(
        IReadOnlyList<(string Name, string ArtifactId)> Files,
        MeshFileContent Source,
        MeshSoundness Before,
        MeshSoundness After,
        IReadOnlyList<MeshReport> Reports) : GeometryUpdate;

    /// <summary>The last report of rendered controls.</summary>
    /// <param name="ArtifactId">The controls.</param>
    /// <param name="Pictures">Pictures in the order in which they were asked for.</param>
    /// <param name="Coverages">Share of each view that sees the mesh.</param>
    /// <param name="Cameras">Camera of each view.</param>
    /// <param name="Placement">How the mesh was placed; null where it stayed.</param>
    internal sealed record Controlled(
        string ArtifactId,
        IReadOnlyList<ControlSheet> Pictures,
        IReadOnlyList<double> Coverages,
        IReadOnlyList<ViewCamera> Cameras,
        (MeshBounds Bounds, double Scale)? Placement) : GeometryUpdate;
}
