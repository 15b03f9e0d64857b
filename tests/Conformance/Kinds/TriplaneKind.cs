using Realiz3D.Mesh.Fields;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>Features of points from three planes: EG3D's axes where the case gives its box, else xy, xz, yz.</summary>
internal static class TriplaneKind
{
    public static void Run(GoldenCase golden)
    {
        var options = golden.Config.TryGetProperty("box_warp", out var box)
            ? new TriplaneOptions(TriplaneAxes.XyXzZx, box.GetDouble())
            : new TriplaneOptions(TriplaneAxes.XyXzYz);
        var (planes, positions) = (golden.Leaf("in/planes"), golden.Leaf("in/coordinates"));
        Tensor Read(bool align, bool border) =>
            TriplaneSampling.Sample(planes, positions, options with { AlignCorners = align, Border = border });

        var read = Read(align: false, border: false);
        golden.CompareDouble("out/plane_coordinates", TriplaneSampling.Project(positions, options));
        golden.CompareDouble("out/features_per_plane", read);
        golden.CompareDouble("out/features_per_plane_align_corners", Read(align: true, border: false));
        golden.CompareDouble("out/sum", read.sum(1));
        golden.CompareDouble("out/mean", read.mean([1]));
        foreach (var (align, border) in new[] { (false, false), (false, true), (true, false), (true, true) })
        {
            golden.CompareDouble(
                $"out/sum_align_{(align ? "true" : "false")}_{(border ? "border" : "zeros")}", Read(align, border).sum(1));
        }

        if (golden.Has("in/lin"))
        {
            (read.sum(1) * golden.Double("in/lin")).sum().backward();
            golden.CompareGradient("out/grad_planes_sum", planes);
            golden.CompareGradient("out/grad_coordinates_sum", positions);
        }
    }
}
