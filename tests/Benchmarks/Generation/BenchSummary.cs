namespace Realiz3D.Mesh.Benchmarks.Generation;

/// <summary>Sums the records up beside the bounds that the mesh is held to.</summary>
internal sealed class BenchSummary(IReadOnlyList<BenchRecord> records)
{
    private const long Gibibyte = 1L << 30;

    /// <summary>Prints one line per bound, then the seconds of each stage.</summary>
    public void Print()
    {
        var prompts = BenchPrompts.All.ToDictionary(prompt => prompt.Name);
        var seeds = records.GroupBy(record => record.Seed).ToList();
        double PerSeed(Func<BenchRecord, bool> right) => Median(seeds.Select(seed => (double)seed.Count(right)));

        Line("median IoU of silhouette and painted alpha", Median(records.Select(r => r.MeanIou)), "at least", 0.90, "F3");
        Line("prompts named rightly, median of the seeds", PerSeed(r => r.Category == prompts[r.Prompt].Category), "at least", 12, "F0");
        Line("prompts in the asked colour, median of the seeds", PerSeed(r => r.Colour == prompts[r.Prompt].Colour), "at least", 12, "F0");
        Line("longest job, seconds", records.Max(r => r.Seconds), "at most", 60, "F1");
        Line("largest memory, GiB", records.Max(r => r.PeakBytes) / (double)Gibibyte, "at most", 4, "F2");
        foreach (var stage in records.SelectMany(r => r.StageSeconds).GroupBy(stage => stage.Key, stage => stage.Value))
        {
            Console.WriteLine($"  {stage.Key,-12} median {Median(stage),5:F1} s, longest {stage.Max(),5:F1} s");
        }
    }

    private static void Line(string what, double value, string bound, double limit, string format) =>
        Console.WriteLine($"{what,-50} {value.ToString(format, null),7}   {bound} {limit}: {((bound == "at least" ? value >= limit : value <= limit) ? "holds" : "missed")}");

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
