using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Shaping;

/// <summary>How well a mesh's silhouettes cover the views' masks.</summary>
internal static class Silhouettes
{
    // Samples per pixel, each way, of the mesh's coverage.
    private const int Samples = 4;

    /// <summary>
    /// Intersection over union of coverages, one number per view: <c>sum min(m, a) / sum max(m, a)</c> over the pixels.
    /// </summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="targets">The views.</param>
    public static double[] Ious(TriangleMesh mesh, FitTargets targets)
    {
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        var side = targets.Size * Samples;
        var clip = MeshOps.ToClip(tensor(mesh.Positions, [mesh.VertexCount, 3]), targets.Cameras).data<float>().ToArray();
        var buffer = ZBuffer.Draw(clip, targets.Cameras.Count, mesh.Indices, side, side);
        var covered = tensor(Array.ConvertAll(buffer.Triangles, triangle => triangle >= 0 ? 1f : 0f))
            .reshape(targets.Cameras.Count, 1, side, side);
        var coverage = nn.functional.avg_pool2d(covered, Samples);
        var both = minimum(coverage, targets.Alpha).sum([1, 2, 3]);
        var either = maximum(coverage, targets.Alpha).sum([1, 2, 3]).clamp_min(1e-6);
        return [.. (both / either).data<float>().ToArray().Select(iou => (double)iou)];
    }
}
