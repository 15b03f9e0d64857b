using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Measuring;

/// <summary>What the pipeline reports while it works.</summary>
internal abstract record EvaluateUpdate
{
    /// <summary>A step is done.</summary>
    /// <param name="Done">Steps done.</param>
    /// <param name="Count">Steps in all.</param>
    /// <param name="Message">What comes next.</param>
    public sealed record Step(int Done, int Count, string Message) : EvaluateUpdate;

    /// <summary>Everything is measured.</summary>
    /// <param name="Views">Each view's camera and silhouette IoU, in the views' order.</param>
    /// <param name="Mesh">What the mesh is like.</param>
    /// <param name="TexelCoverage">What the asset's extras say; null when they say nothing.</param>
    /// <param name="SheetId">Artifact of the sheet.</param>
    public sealed record Finished(
        IReadOnlyList<(ViewCamera Camera, double Iou)> Views, MeshInspection Mesh, double? TexelCoverage, string SheetId)
        : EvaluateUpdate;
}
