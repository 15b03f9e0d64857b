using System.Text.Json;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>Which direction a camera's prompt names, and threestudio's mixtures and Perp-Neg weights.</summary>
internal static class ViewPromptKind
{
    public static void Run(GoldenCase golden)
    {
        string[] names = [.. Strings(golden.Args, "directions")];
        var azimuths = AssertTensor.Values(golden.Tensor("in/azimuth_deg"));
        if (golden.Has("in/polar_deg"))
        {
            RunStableDreamfusion(golden, names, azimuths);
        }
        else
        {
            RunThreestudio(golden, names, azimuths);
        }
    }

    private static void RunStableDreamfusion(GoldenCase golden, string[] names, double[] azimuths)
    {
        var polars = AssertTensor.Values(golden.Tensor("in/polar_deg"));
        var found = azimuths.Zip(polars, (azimuth, polar) => (long)Array.IndexOf(names, ViewDirections.StableDreamfusion(
            azimuth, polar, Number(golden, "angle_front", 60), Number(golden, "angle_overhead", 30)) switch
        {
            ViewDirection.Front => "front",
            ViewDirection.Left => "side(left)",
            ViewDirection.Back => "back",
            ViewDirection.Right => "side(right)",
            ViewDirection.Overhead => "top",
            _ => "bottom",
        }));
        var directions = tensor(found.ToArray(), device: golden.Device);
        if (golden.TensorOrNull("out/on_boundary") is { } boundary)
        {
            golden.CompareWhere("out/direction", directions, boundary.logical_not());
        }
        else
        {
            golden.Compare("out/direction", directions);
        }

        golden.PassOver("out/on_boundary");
        CompareTemplates(golden, "templates", [ViewDirection.Front, ViewDirection.Left, ViewDirection.Back], ViewDirections.After);
    }

    private static void RunThreestudio(GoldenCase golden, string[] names, double[] azimuths)
    {
        var published = ViewMixCurves.Published;
        var curves = new ViewMixCurves(
            Curve(golden.Config, "perp_neg_f_sb", published.SideFromBack), Curve(golden.Config, "perp_neg_f_fsb", published.FrontFromBack),
            Curve(golden.Config, "perp_neg_f_fs", published.FrontFromSide), Curve(golden.Config, "perp_neg_f_sf", published.SideFromFront));
        var overhead = Number(golden, "overhead_threshold", 60);
        var elevations = AssertTensor.Values(golden.Tensor("in/elevation_deg"));
        var (directions, mixes, weights) = (new List<long>(), new List<double>(), new List<double>());
        foreach (var (azimuth, elevation) in azimuths.Zip(elevations))
        {
            var direction = ViewDirections.Threestudio(
                (float)azimuth, (float)elevation, Number(golden, "front_threshold", 45), Number(golden, "back_threshold", 45), overhead);
            directions.Add(Array.IndexOf(names, ViewDirections.Word(direction)));
            var mix = ViewMix.At((float)azimuth, (float)elevation, overhead, curves);
            mixes.AddRange(names.Select(name => name switch
            {
                "front" => mix.Front,
                "side" => mix.Side,
                "back" => mix.Back,
                _ => mix.Overhead,
            }));
            weights.AddRange([mix.FirstWeight, mix.SecondWeight]);
        }

        golden.Compare("out/direction", tensor(directions.ToArray(), device: golden.Device));
        golden.CompareDouble("out/perp_neg_pos_mix", tensor(mixes.ToArray(), [azimuths.Length, names.Length], device: golden.Device));
        golden.CompareDouble("out/perp_neg_weights", tensor(weights.ToArray(), [azimuths.Length, 2], device: golden.Device));
        ViewDirection[] order = [.. names.Select(name => name switch
        {
            "front" => ViewDirection.Front,
            "side" => ViewDirection.Left,
            "back" => ViewDirection.Back,
            _ => ViewDirection.Overhead,
        })];
        CompareTemplates(golden, "templates", order, ViewDirections.After);
        CompareTemplates(golden, "templates_view_dependent_prompt_front", order, ViewDirections.Before);
    }

    private static void CompareTemplates(
        GoldenCase golden, string key, ViewDirection[] order, Func<string, ViewDirection, string> prompt)
    {
        string[] expected = [.. Strings(golden.Args, key)];
        string[] actual = [.. order.Select(direction => prompt("{}", direction))];
        if (expected is not [] && !expected.SequenceEqual(actual))
        {
            golden.Fail($"args.{key}: expected {string.Join(" | ", expected)}, got {string.Join(" | ", actual)}.");
        }
    }

    private static IEnumerable<string> Strings(JsonElement args, string key) =>
        args.TryGetProperty(key, out var given) ? given.EnumerateArray().Select(text => text.GetString()!) : [];

    private static double Number(GoldenCase golden, string key, double otherwise) =>
        golden.Config.TryGetProperty(key, out var given) ? given.GetDouble() : otherwise;

    private static ShiftedDecay Curve(JsonElement config, string key, ShiftedDecay otherwise) =>
        !config.TryGetProperty(key, out var given) ? otherwise
        : given.EnumerateArray().Select(x => x.GetDouble()).ToArray() is [var a, var b, var c] ? new(a, b, c)
        : throw new NotSupportedException($"config.{key} must have three numbers.");
}
