using Realiz3D.Mesh.Fields;
using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>nerfstudio's hash encoding, with gradients to the table and to the positions. The references are float32.</summary>
internal static class HashEncodingKind
{
    public static void Run(GoldenCase golden)
    {
        int Number(string key) => golden.Config.GetProperty(key).GetInt32();
        var config = new HashGridConfig(
            Number("num_levels"), Number("min_res"), Number("max_res"), Number("log2_hashmap_size"),
            Number("features_per_level"), HashGridStyle.Nerfstudio);
        if (golden.Args.TryGetProperty("scalings", out var given))
        {
            config = config with { Scales = [.. given.EnumerateArray().Select(scale => scale.GetDouble())] };
        }

        using var generator = new Generator(0);
        using var grid = new HashGrid(config, generator);
        using (no_grad())
        {
            grid.Table.copy_(golden.Tensor("weights/hash_table"));
        }

        grid.to(golden.Device);
        var x = golden.Tensor("in/x").requires_grad_(true);
        var encoding = grid.call(x);
        golden.Compare("out/encoding", encoding);

        if (golden.Has("in/lin"))
        {
            (encoding * golden.Tensor("in/lin")).sum().backward();
            golden.Compare("out/grad_hash_table", grid.Table.grad!);
            golden.CompareWhere("out/grad_x", x.grad!, InsideCells(x.detach(), grid.Scales));
        }
    }

    /// <summary>Positions that lie on no cell's face: on one the gradient depends on which cell it is counted to.</summary>
    private static Tensor InsideCells(Tensor x, IReadOnlyList<double> scales)
    {
        var scaled = stack(scales.Select(scale => x * scale));
        return scaled.ne(scaled.floor()).all(0).all(-1, keepdim: true);
    }
}
