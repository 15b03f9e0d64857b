using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>
/// Antialiased silhouettes against exact coverage, by the bounds that each case states: mean error of the mask, and direction and length of
/// the gradient. The reference's row 0 is the bottom, so y is turned over on the way in.
/// </summary>
internal static class AntialiasKind
{
    public static void Run(GoldenCase golden)
    {
        var size = golden.Args.GetProperty("resolution").EnumerateArray().Select(side => side.GetInt32()).ToArray();
        var scene = new Scene(golden, size[0], size[1]);
        if (golden.Has("in/tri_color"))
        {
            Layers(golden, scene);
        }
        else
        {
            Mask(golden, scene);
            Gradient(golden, scene, "L", golden.Tensor("in/L"));
            Gradient(golden, scene, "one", ones_like(golden.Tensor("in/L")));
        }

        // Other ways to the same picture, and what a plain version of the method yields; the bounds above are made of them.
        golden.PassOver(
            "out/mask_ss16", "out/mask_local_aa", "out/color_ss16", "out/mask_exact",
            "out/grad_F_L_pos", "out/grad_F_L_pos_local_aa", "out/grad_F_L_translate", "out/grad_F_L_translate_local_aa",
            "out/grad_F_one_pos", "out/grad_F_one_pos_local_aa", "out/grad_F_one_translate", "out/grad_F_one_translate_local_aa");
    }

    private static void Mask(GoldenCase golden, Scene scene)
    {
        golden.Compare("out/mask_point", scene.Covered.reshape(scene.Height, scene.Width) > 0.5);
        var error = MeanError(scene.Blend(scene.Covered).squeeze(1), golden.Tensor("out/mask_exact"));
        Require(golden, "mean error of the mask", error, (1.3 * Arg(golden, "mae_local_aa")) + 1e-3);
        Require(golden, "mean error of the mask against that of point sampling", error, Arg(golden, "mae_point"));
    }

    private static void Gradient(GoldenCase golden, Scene scene, string name, Tensor weights)
    {
        (scene.Blend(scene.Covered).squeeze(1) * weights.flatten()).mean().backward(retain_graph: true);
        var actual = scene.Position.grad!.clone();
        scene.Position.grad!.zero_();
        var expected = golden.Tensor($"out/grad_F_{name}_pos");
        var cosine = ((actual * expected).sum() / (actual.norm() * expected.norm())).item<float>();
        Require(golden, $"1 - cosine of the gradient of {name}", 1 - cosine, 1 - Arg(golden, $"cos_local_aa_{name}") + 0.02);
        var relative = ((actual - expected).norm() / expected.norm()).item<float>();
        Require(golden, $"relative error of the gradient of {name}", relative, Arg(golden, $"relerr_local_aa_{name}") + 0.05);
        Shift(golden, scene, name, actual);
    }

    // All vertices moved together, (x, y) by t w: as near to the exact derivative as a plain version of the method, as the mask is.
    private static void Shift(GoldenCase golden, Scene scene, string name, Tensor gradient)
    {
        if (golden.TensorOrNull($"out/grad_F_{name}_translate") is not { } expected)
        {
            return;
        }

        var position = scene.Position.detach();
        var moved = (gradient.narrow(2, 0, 2) * position.narrow(2, 3, 1)).sum([0, 1]);
        var plain = golden.TensorOrNull($"out/grad_F_{name}_translate_local_aa") is { } local ? (local - expected).abs().max().item<float>() : 0;
        Require(
            golden, $"error of the derivative of {name} along a shift", (moved - expected).abs().max().item<float>(),
            (1.3 * plain) + golden.Absolute + (golden.Relative * expected.abs().max().item<float>()));
    }

    private static void Layers(GoldenCase golden, Scene scene)
    {
        var ids = tensor(scene.Buffer.Triangles, [scene.Height, scene.Width], device: golden.Device).to(ScalarType.Int64);
        golden.Compare("out/point_ids", ids + 1);
        var palette = cat([golden.Tensor("in/background").unsqueeze(0), golden.Tensor("in/tri_color")], 0);
        var point = palette.index_select(0, ids.flatten() + 1);
        golden.Compare("out/color_point", point.reshape(scene.Height, scene.Width, -1));
        var error = MeanError(scene.Blend(point), golden.Tensor("out/color_ss16").reshape(point.shape));
        Require(golden, "mean error of the colours", error, 0.5 * Arg(golden, "mae_point"));
    }

    private static double MeanError(Tensor actual, Tensor expected) => (actual - expected.reshape(actual.shape)).abs().mean().item<float>();

    private static void Require(GoldenCase golden, string what, double value, double most)
    {
        if (!(value <= most))
        {
            golden.Fail($"{what}: {value:0.####}, at most {most:0.####} wanted.");
        }
    }

    private static double Arg(GoldenCase golden, string name) => golden.Args.GetProperty(name).GetDouble();

    private sealed class Scene
    {
        private readonly Tensor _clip;
        private readonly SilhouetteCrossings _crossings;

        public Scene(GoldenCase golden, int height, int width)
        {
            (Height, Width) = (height, width);
            Position = golden.Tensor("in/pos").requires_grad_();
            _clip = Position * tensor(new float[] { 1, -1, 1, 1 }, device: golden.Device);
            var numbers = AssertTensor.Values(_clip.detach()).Select(value => (float)value).ToArray();
            var faces = AssertTensor.Values(golden.Tensor("in/tri")).Select(index => (int)index).ToArray();
            Buffer = ZBuffer.Draw(numbers, 1, faces, height, width);
            _crossings = SilhouetteCrossings.Find(Buffer, numbers, faces, FaceAdjacency.Of(faces));
            Covered = tensor(Buffer.Triangles.Select(triangle => triangle < 0 ? 0f : 1).ToArray(), [height * width, 1], device: golden.Device);
        }

        public int Height { get; }

        public int Width { get; }

        public Tensor Position { get; }

        public ZBuffer Buffer { get; }

        /// <summary>1 where a triangle covers the pixel's centre, [H * W, 1].</summary>
        public Tensor Covered { get; }

        public Tensor Blend(Tensor colours) => Antialiasing.Blend(colours, _clip, _crossings, Height, Width);
    }
}
