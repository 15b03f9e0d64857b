using Realiz3D.Mesh.Fields;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>Weights along rays and what they sum to, from opacities, from densities, packed, or between samples (EG3D).</summary>
internal static class VolumeRenderingKind
{
    public static void Run(GoldenCase golden)
    {
        if (golden.Has("in/densities"))
        {
            RunMidpoints(golden);
        }
        else
        {
            RunSamples(golden);
        }
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

        Backward(golden, (color, "in/lin"));
        golden.CompareGradient("out/grad_colors", colors);
        golden.CompareGradient("out/grad_densities", densities);
    }

    private static void RunSamples(GoldenCase golden)
    {
        var name = golden.Has("in/alphas") ? "alphas" : "sigmas";
        var given = golden.Leaf($"in/{name}");
        var packed = golden.TensorOrNull("in/packed_info") is { } info ? Packed(info) : null;
        Tensor Rows(Tensor samples) => packed?.Spread(samples) ?? samples;
        Tensor Samples(Tensor rows) => packed?.Gather(rows) ?? rows;
        var ends = golden.Has("in/t_ends") ? golden.Double("in/t_ends") : null;
        var starts = ends is null ? null : golden.Double("in/t_starts");

        var rays = name == "alphas"
            ? VolumeRendering.FromOpacities(Rows(given))
            : VolumeRendering.FromDensities(Rows(given), Rows(starts!), Rows(ends!));
        Compare(golden, rays, Samples);
        var opacity = VolumeRendering.Opacity(rays.Weights);
        golden.CompareDouble("out/opacity", opacity);
        golden.CompareDouble("out/accumulation", opacity);
        var terms = new List<(Tensor, string)> { (Samples(rays.Weights), "in/lin"), (opacity, "in/lin_opacity") };

        var rgbs = golden.Has("in/rgbs") ? golden.Leaf("in/rgbs") : null;
        var background = rgbs is not null && golden.Has("in/background") ? golden.Leaf("in/background") : null;
        if (rgbs is not null)
        {
            terms.Add((CompareColors(golden, rays.Weights, Rows(rgbs), background), "in/lin_color"));
        }

        if (starts is not null)
        {
            var middles = (starts + ends!) / 2;
            terms.Add((CompareDepths(golden, rays.Weights, packed?.SpreadRepeated(middles) ?? middles), "in/lin_depth"));
        }

        Backward(golden, [.. terms]);
        golden.CompareGradient($"out/grad_{name}", given);
        CompareGradientOf("rgbs", rgbs);
        CompareGradientOf("background", background);

        void CompareGradientOf(string input, Tensor? leaf)
        {
            if (leaf is not null)
            {
                golden.CompareGradient($"out/grad_{input}", leaf);
            }
        }
    }

    /// <summary>NerfAcc's colour, and what nerfstudio's renderers make of the same weights.</summary>
    private static Tensor CompareColors(GoldenCase golden, Tensor weights, Tensor colors, Tensor? background)
    {
        var (seen, opacity) = (VolumeRendering.Accumulate(weights, colors), VolumeRendering.Opacity(weights));
        var color = background is null ? seen : VolumeRendering.OnBackground(seen, opacity, background);
        golden.CompareDouble("out/color", color);
        golden.CompareDouble("out/rgb_black", seen);
        golden.CompareDouble("out/rgb_random_bg_train", seen);
        golden.CompareDouble("out/rgb_white", VolumeRendering.OnBackground(seen, opacity, ones_like(seen)));
        golden.CompareDouble("out/rgb_last_sample", VolumeRendering.OnBackground(seen, opacity, colors.select(-2, -1)));
        return color;
    }

    /// <summary>NerfAcc's depths and nerfstudio's.</summary>
    private static Tensor CompareDepths(GoldenCase golden, Tensor weights, Tensor middles)
    {
        var (accumulated, expected) = (RayDepth.Accumulated(weights, middles), RayDepth.Expected(weights, middles));
        golden.CompareDouble("out/depth_accumulated", accumulated);
        golden.CompareDouble("out/depth_expected", expected);
        golden.CompareDouble("out/depth_median", RayDepth.Median(weights, middles));
        golden.CompareDouble("out/depth_expected_clipped", RayDepth.ExpectedWithin(weights, middles));
        return !golden.Args.TryGetProperty("expected_depths", out var mean) || mean.GetBoolean() ? expected : accumulated;
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
