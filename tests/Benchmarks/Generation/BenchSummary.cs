using System.Globalization;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Benchmarks.Generation;

/// <summary>Sums the records up beside the bounds that the mesh is held to.</summary>
internal sealed class BenchSummary(IReadOnlyList<BenchRecord> records)
{
    private const long Gibibyte = 1L << 30;

    /// <summary>Prints one line per bound, then the seconds of each stage.</summary>
    /// <returns>Whether all bounds hold.</returns>
    public bool Print()
    {
        var prompts = BenchPrompts.All.ToDictionary(prompt => prompt.Name);
        var seeds = records.GroupBy(record => record.Seed).ToList();
        double PerSeed(Func<BenchRecord, bool> right) => Statistics.Median(seeds.Select(seed => (double)seed.Count(right)));

        bool[] holds =
        [
            AtLeast("median IoU of silhouette and painted alpha", Statistics.Median(records.Select(r => r.MeanIou)), 0.90, "F3"),
            AtLeast("prompts named rightly, median of the seeds", PerSeed(r => r.Category == prompts[r.Prompt].Category), 12, "F0"),
            AtLeast("prompts in the asked colour, median of the seeds", PerSeed(r => r.Colour == prompts[r.Prompt].Colour), 12, "F0"),
            AtMost("longest job, seconds", records.Max(r => r.Seconds), 60, "F1"),
            AtMost("largest memory, GiB", records.Max(r => r.PeakBytes) / (double)Gibibyte, 4, "F2"),
        ];
        foreach (var stage in records.SelectMany(r => r.StageSeconds).GroupBy(stage => stage.Key, stage => stage.Value))
        {
            Console.WriteLine($"  {stage.Key,-12} median {Statistics.Median(stage),5:F1} s, longest {stage.Max(),5:F1} s");
        }

        return holds.All(holding => holding);
    }

    private static bool AtLeast(string what, double value, double limit, string format) =>
        Line(what, value.ToString(format, CultureInfo.InvariantCulture), $"at least {limit}", value >= limit);

    private static bool AtMost(string what, double value, double limit, string format) =>
        Line(what, value.ToString(format, CultureInfo.InvariantCulture), $"at most {limit}", value <= limit);

    private static bool Line(string what, string value, string bound, bool holds)
    {
        Console.WriteLine($"{what,-50} {value,7}   {bound}: {(holds ? "holds" : "missed")}");
        return holds;
    }
}
