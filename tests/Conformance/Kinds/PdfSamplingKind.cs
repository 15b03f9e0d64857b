using Realiz3D.Mesh.Fields;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>New samples on rays from the weights of earlier ones: nerfstudio's sampler, and multinerf's with intervals round samples.</summary>
internal static class PdfSamplingKind
{
    public static void Run(GoldenCase golden)
    {
        if (golden.Has("in/w_logits"))
        {
            RunMultiNerf(golden);
        }
        else
        {
            RunNerfstudio(golden);
        }
    }

    private static void RunMultiNerf(GoldenCase golden)
    {
        var shares = golden.Double("in/w_logits").softmax(-1);
        var cumulative = ImportanceSampling.CumulativeOfShares(shares);
        var samples = ImportanceSampling.Invert(cumulative, golden.Double("in/t"), golden.Double("in/u"));
        golden.CompareDouble("out/weights", shares);
        golden.CompareDouble("out/cdf", cumulative);
        golden.CompareDouble("out/t_samples", samples);

        var domain = golden.Args.TryGetProperty("domain", out var given)
            ? given.EnumerateArray().Select(end => end.GetDouble()).ToArray()
            : [double.NegativeInfinity, double.PositiveInfinity];
        if (golden.Has("out/t_intervals"))      // a single sample has no intervals
        {
            golden.CompareDouble("out/t_intervals", ImportanceSampling.Intervals(samples, domain[0], domain[1]));
        }
    }

    private static void RunNerfstudio(GoldenCase golden)
    {
        // nerfstudio draws the edges of n intervals, n + 1 numbers.
        var count = golden.Config.GetProperty("num_samples").GetInt32() + 1;
        var (edges, weights) = (golden.Double("in/bin_edges"), golden.Double("in/weights"));
        var cumulative = ImportanceSampling.Cumulative(
            weights, Number("histogram_padding", 0.01, golden.Config), Number("eps", 1e-5, golden.Args));
        var bins = ImportanceSampling.Invert(cumulative, edges, ImportanceSampling.Strata(count, edges, Uniforms(golden)));
        bins = Flag(golden, "include_original", otherwise: true) ? ImportanceSampling.Merge(edges, bins) : bins;
        golden.CompareDouble("out/spacing_bins", bins);
        golden.CompareDouble("out/euclidean_bins", ImportanceSampling.ToDistances(
            bins, Number("near", 0, golden.Args), Number("far", 1, golden.Args)));

        static double Number(string key, double otherwise, System.Text.Json.JsonElement from) =>
            from.TryGetProperty(key, out var given) ? given.GetDouble() : otherwise;
    }

    private static Tensor? Uniforms(GoldenCase golden)
    {
        if (!Flag(golden, "train_stratified", otherwise: true))
        {
            return null;
        }

        var uniforms = golden.Double("in/uniforms");
        return Flag(golden, "single_jitter", otherwise: false) ? uniforms.narrow(-1, 0, 1) : uniforms;
    }

    private static bool Flag(GoldenCase golden, string key, bool otherwise) =>
        golden.Config.TryGetProperty(key, out var given) ? given.GetBoolean() : otherwise;
}
