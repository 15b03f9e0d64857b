using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>Volume IoU of two meshes at given points, or of two signed distance fields.</summary>
internal static class VolumeIouKind
{
    public static void Run(GoldenCase golden)
    {
        var (a, b) = golden.Has("in/points")
            ? (InMesh(golden, "_a"), InMesh(golden, "_b"))
            : (InField(golden, "in/sdf_a"), InField(golden, "in/sdf_b"));
        golden.Compare("out/occ_a", Shaped(golden, "in/sdf_a", a));
        golden.Compare("out/occ_b", Shaped(golden, "in/sdf_b", b));
        var iou = VolumeIou.Of(a, b);
        golden.Compare("out/iou", CaseMeshes.Scalar(iou));
        if (golden.Args.TryGetProperty("expect", out _))
        {
            // Two empty solids: the value is ours to choose and to document, but there must be one.
            golden.Check(iou is 0 or 1, $"the IoU of two empty solids is {iou}; 0 or 1 is expected.");
        }
    }

    /// <summary>Answers in the shape of the field; a list where there is none.</summary>
    private static Tensor Shaped(GoldenCase golden, string field, bool[] inside) =>
        golden.Has(field) ? tensor(inside).reshape(golden.Tensor(field).shape) : tensor(inside);

    private static bool[] InMesh(GoldenCase golden, string suffix) =>
        new WindingNumber(CaseMeshes.Mesh(golden, suffix)).Inside(CaseMeshes.Floats(golden, "in/points"));

    private static bool[] InField(GoldenCase golden, string name)
    {
        var inside = golden.Args.TryGetProperty("inside", out var rule) ? rule.GetString() : "sdf<0";
        return Array.ConvertAll(AssertTensor.Values(golden.Tensor(name)), distance => inside!.Replace(" ", "", StringComparison.Ordinal) switch
        {
            "sdf<0" => distance < 0,
            "sdf<=0" => distance <= 0,
            "sdf>0" => distance > 0,
            "sdf>=0" => distance >= 0,
            _ => throw new NotSupportedException($"args.inside {inside} is unknown; say sdf<0, sdf<=0, sdf>0 or sdf>=0."),
        });
    }
}
