using Realiz3D.Mesh.Fields;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>Weights along rays and what they sum to, from opacities, from densities, packed, or between samples (EG3D).</summary>
internal static class VolumeRenderingKind
{
    public static void Run(GoldenCase golden)
    {
        if (golden.Has("in/alphas"))
        {
            RunOpacities(golden);
        }
        else if (golden.Has("in/densities"))
        {
            RunMidpoints(golden);
        }
        else
        {
            RunDensities(golden);
        }
    }

    private static void RunOpacities(GoldenCase golden)
    {
        var opacities = golden.Leaf("in/alphas");
        var rays = VolumeRendering.FromOpacities(opacities);
        Compare(golden, rays, packed => packed);
        Backward(golden, rays.Weights, "in/lin");
        golden.CompareGradient("out/grad_alphas", opacities);
    }

    private static void RunMidpoints(GoldenCase golden)
    {
        if (golden.Config.TryGetProperty("clamp_mode", out var mode) && mode.GetString() is not "softplus" and var other)
        {
            throw new NotSupportedException($"config.clamp_mode {other} is unknown; EG3D has softplus only.");
        }

        var white = golden.Config.TryGetProperty("white_back", out var given) && given.GetBoolean();
        var (colors, densities) = (golden.Leaf("in/colors"), golden.Leaf("in/densities"));
        var (color, depth, weights) = MidpointMarcher.March(colors, densities, golden.Double("in/depths"), white);
        golden.CompareDouble("out/color", color);
        golden.CompareDouble("out/depth", depth);
        golden.CompareDouble("out/weights", weights);

        Backward(golden, color, "in/lin");
        golden.CompareGradient("out/grad_colors", colors);
        golden.CompareGradient("out/grad_densities", densities);
    }

    private static void RunDensities(GoldenCase golden)
    {
        var (sigmas, rgbs) = (golden.Leaf("in/sigmas"), golden.Leaf("in/rgbs"));
        var (starts, ends) = (golden.Double("in/t_starts"), golden.Double("in/t_ends"));
        var packed = golden.TensorOrNull("in/packed_info") is { } info ? Packed(info) : null;
        Tensor Rows(Tensor samples) => packed?.Spread(samples) ?? samples;

        var rays = VolumeRendering.FromDensities(Rows(sigmas), Rows(starts), Rows(ends));
        Compare(golden, rays, rows => packed?.Gather(rows) ?? rows);

        var (middles, colors) = (Rows((starts + ends) / 2), Rows(rgbs));
        var (seen, opacity) = (VolumeRendering.Accumulate(rays.Weights, colors), VolumeRendering.Opacity(rays.Weights));
        var background = golden.Has("in/background") ? golden.Leaf("in/background") : null;
        var color = background is null ? seen : VolumeRendering.OnBackground(seen, opacity, background);
        var (accumulated, expected) = (RayDepth.Accumulated(rays.Weights, middles), RayDepth.Expected(rays.Weights, middles));
        golden.CompareDouble("out/color", color);
        golden.CompareDouble("out/opacity", opacity);
        golden.CompareDouble("out/depth_accumulated", accumulated);
        golden.CompareDouble("out/depth_expected", expected);
        CompareNerfstudio(golden, rays.Weights, colors, middles);

        var depth = !golden.Args.TryGetProperty("expected_depths", out var mean) || mean.GetBoolean() ? expected : accumulated;
        Backward(golden, (color, "in/lin_color"), (opacity, "in/lin_opacity"), (depth, "in/lin_depth"));
        golden.CompareGradient("out/grad_sigmas", sigmas);
        golden.CompareGradient("out/grad_rgbs", rgbs);
        if (background is not null)
        {
            golden.CompareGradient("out/grad_background", background);
        }
    }

    /// <summary>What nerfstudio's renderers make of the same weights.</summary>
    private static void CompareNerfstudio(GoldenCase golden, Tensor weights, Tensor colors, Tensor middles)
    {
        var (seen, opacity) = (VolumeRendering.Accumulate(weights, colors), VolumeRendering.Opacity(weights));
        golden.CompareDouble("out/accumulation", opacity);
        golden.CompareDouble("out/rgb_black", seen);
        golden.CompareDouble("out/rgb_random_bg_train", seen);
        golden.CompareDouble("out/rgb_white", VolumeRendering.OnBackground(seen, opacity, ones_like(seen)));
        golden.CompareDouble("out/rgb_last_sample", VolumeRendering.OnBackground(seen, opacity, colors.select(-2, -1)));
        golden.CompareDouble("out/depth_median", RayDepth.Median(weights, middles));
        golden.CompareDouble("out/depth_expected_clipped", RayDepth.ExpectedWithin(weights, middles));
    }

    private static void Compare(GoldenCase golden, RayWeights rays, Func<Tensor, Tensor> samples)
    {
        golden.CompareDouble("out/alphas", samples(rays.Opacities));
        golden.CompareDouble("out/transmittance", samples(rays.Transmittance));
        golden.CompareDouble("out/weights", samples(rays.Weights));
        golden.Compare("out/visibility", samples(rays.Visible(Number("early_stop_eps"), Number("alpha_thre"))));

        double Number(string key) => golden.Args.TryGetProperty(key, out var given) ? given.GetDouble() : 0;
    }

    private static PackedRays Packed(Tensor info)
    {
        var numbers = AssertTensor.Values(info).Select(number => (long)number).ToArray();
        return new([.. numbers.Where((_, i) => i % 2 == 0)], [.. numbers.Where((_, i) => i % 2 == 1)]);
    }

    private static void Backward(GoldenCase golden, Tensor output, string weights) => Backward(golden, (output, weights));

    private static void Backward(GoldenCase golden, params (Tensor Output, string Weights)[] terms)
    {
        var sums = terms.Where(term => golden.Has(term.Weights))
            .Select(term => (term.Output * golden.Double(term.Weights)).sum()).ToArray();
        if (sums.Length > 0)
        {
            stack(sums).sum().backward();
        }
    }
}
