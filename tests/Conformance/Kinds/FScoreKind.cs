using System.Text.Json;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>Precision, recall and F-score at several distances; for information Kaolin's, whose recall mixes the counts of both clouds.</summary>
internal static class FScoreKind
{
    public static void Run(GoldenCase golden)
    {
        var found = CloudComparison.Of(CaseMeshes.Floats(golden, "in/pred"), CaseMeshes.Floats(golden, "in/gt"));
        var scores = Thresholds(golden).Select(found.FScoreAt).ToArray();
        Tensor Of(Func<FScore, double> value) => tensor(scores.Select(score => (float)value(score)).ToArray());

        golden.Compare("out/precision", Of(score => score.Precision));
        golden.Compare("out/recall", Of(score => score.Recall));
        golden.Compare("out/f_score", Of(score => score.Value));
        golden.Compare("out/kaolin_recall", Of(KaolinRecall));
        golden.Compare("out/kaolin_f_score", Of(score =>
            2 * score.Precision * KaolinRecall(score) / (score.Precision + KaolinRecall(score) + 1e-8)));
    }

    /// <summary>The numbers of args.thresholds; in/thresholds holds them rounded to float32, which may move a point over the bound.</summary>
    private static double[] Thresholds(GoldenCase golden) =>
        golden.Args.TryGetProperty("thresholds", out var thresholds) && thresholds.ValueKind == JsonValueKind.Array
            ? [.. thresholds.EnumerateArray().Select(value => value.GetDouble())]
            : AssertTensor.Values(golden.Tensor("in/thresholds"));

    private static double KaolinRecall(FScore score)
    {
        var missed = score.TrueCount - score.TrueHits;
        return score.PredictedHits + missed == 0 ? 0 : (double)score.PredictedHits / (score.PredictedHits + missed);
    }
}
