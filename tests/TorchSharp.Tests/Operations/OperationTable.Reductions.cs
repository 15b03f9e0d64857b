using static TorchSharp.torch;

namespace Realiz3D.Mesh.TorchSharp.Tests.Operations;

internal static partial class OperationTable
{
    private static readonly Dense s_table = Dense.Real(-2, 2, 2, 4);
    private static readonly Dense s_cube = Dense.Real(-2, 2, 2, 2, 3);
    private static readonly Dense s_holes = new([2, 3], [1, double.NaN, 3, double.NaN, -5, 6.5]);

    private static Dense Whole(Dense x, Func<double[], double> f, ScalarType? type = null) => Dense.Scalar(f(x.Values), type ?? x.Type);

    private static double Variance(double[] line, int lost) => line.Sum(value => Math.Pow(value - line.Average(), 2)) / (line.Length - lost);

    private static double Deviation(double[] line) => Math.Sqrt(Variance(line, 1));

    private static double Product(double[] line) => line.Aggregate(1.0, (product, value) => product * value);

    private static double LogSum(IEnumerable<double> line) => Math.Log(line.Sum(Math.Exp));

    private static double[] Present(double[] line) => [.. line.Where(value => !double.IsNaN(value))];

    private static double[] Running(double[] line, Func<double, double, double> f)
    {
        var running = (double[])line.Clone();
        for (var i = 1; i < running.Length; i++)
        {
            running[i] = f(running[i - 1], line[i]);
        }

        return running;
    }

    private static IEnumerable<Operation> Reductions() =>
    [
        Row.Of(s_table, x => Whole(x, line => line.Sum()), x => x.sum(), x => x.nansum()),
        Row.Of(s_table, x => x.Along(1, line => line.Sum()), x => x.sum(1), x => x.sum([1])),
        Row.Of(s_table, x => x.Along(0, line => line.Sum(), keep: true), x => x.sum(0, keepdim: true), x => x.sum([0], keepdim: true)),
        Row.Of(s_cube, x => x.Along(2, line => line.Sum()).Along(0, line => line.Sum()), x => x.sum(0, 2), x => x.sum([0, 2])),
        Row.Of(s_cube, x => Whole(x, line => line.Sum()), x => x.sum(0, 1, 2)),
        Row.Of(s_table, x => Whole(x, line => line.Average()), x => x.mean(), x => x.nanmean()),
        Row.Of(s_table, x => x.Along(1, line => line.Average()), x => x.mean([1])),
        Row.Of(s_table, x => Whole(x, Product), x => x.prod()),
        Row.Of(s_table, x => x.Along(1, Product), x => x.prod(1)),
        Row.Of(s_table, x => Whole(x, Deviation), x => x.std()),
        Row.Of(s_table, x => x.Along(1, Deviation), x => x.std(1), x => x.std([1])),
        Row.Of(s_table, x => Whole(x, line => Variance(line, 1)), x => x.var()),
        Row.Of(s_table, x => x.Along(1, line => Variance(line, 0), keep: true), x => x.var(1, unbiased: false, keepdim: true), x => x.var([1], unbiased: false, keepdim: true)),
        Row.Many(s_table, x => [Whole(x, Deviation), Whole(x, line => line.Average())], x => { var (a, b) = x.std_mean(); return [a, b]; }),
        Row.Many(s_table, x => [x.Along(1, Deviation), x.Along(1, line => line.Average())], x => { var (a, b) = x.std_mean([1]); return [a, b]; }),
        Row.Many(s_table, x => [Whole(x, line => Variance(line, 1)), Whole(x, line => line.Average())], x => { var (a, b) = x.var_mean(); return [a, b]; }),
        Row.Many(s_table, x => [x.Along(1, line => Variance(line, 1)), x.Along(1, line => line.Average())], x => { var (a, b) = x.var_mean([1]); return [a, b]; }),
        Row.Of(s_table, x => x.Along(1, line => LogSum(line)), x => x.logsumexp(1)),
        Row.Of(s_table, x => x.Lines(1, line => [.. line.Select((_, i) => line[..(i + 1)].Sum())]), x => x.cumsum(1)),
        Row.Of(s_table, x => x.Lines(1, line => [.. line.Select((_, i) => Product(line[..(i + 1)]))]), x => x.cumprod(1)),
        Row.Of(s_table, x => x.Lines(1, line => [.. line.Select((_, i) => LogSum(line[..(i + 1)]))]), x => x.logcumsumexp(1)),
        Row.Many(s_table, x => [x.Lines(1, line => Running(line, Math.Max)), x.Lines(1, line => [.. line.Select((_, i) => (double)Array.IndexOf(line, line[..(i + 1)].Max()))], ScalarType.Int64)],
            x => { var (values, places) = x.cummax(1); return [values, places]; }),
        Row.Many(s_table, x => [x.Lines(1, line => Running(line, Math.Min)), x.Lines(1, line => [.. line.Select((_, i) => (double)Array.IndexOf(line, line[..(i + 1)].Min()))], ScalarType.Int64)],
            x => { var (values, places) = x.cummin(1); return [values, places]; }),
        Row.Of(s_table, x => Dense.Of([2, 3], i => x[i[0], i[1] + 1] - x[i]), x => x.diff()),
        Row.Of(s_table, x => x.Along(1, line => line.Zip(line.Skip(1), (a, b) => 0.5 * (a + b) / 2).Sum()), x => x.trapezoid(0.5)),
        Row.Of(s_table, x => Dense.Of([2, 3], i => Enumerable.Range(0, i[1] + 1).Sum(k => (x[i[0], k] + x[i[0], k + 1]) / 4)), x => x.cumulative_trapezoid(0.5)),
        Row.Of(s_holes, x => Whole(x, line => Present(line).Sum()), x => x.nansum()).Flat(),
        Row.Of(s_holes, x => Whole(x, line => Present(line).Average()), x => x.nanmean()).Flat(),
        Row.Of(s_holes, x => x.Along(1, line => Present(line).Average()), x => x.nanmean(1)).Flat(),
        Row.Of(s_holes, x => Whole(x, line => Present(line).Order().ElementAt(1)), x => x.nanmedian()).Flat(),
    ];

    private static IEnumerable<Operation> Statistics() =>
    [
        Row.Of(s_table, x => Whole(x, line => line.Order().ElementAt(3)), x => x.median()),
        Row.Of(s_table, Dense.Scalar(0.4), (x, q) => x.Along(1, line => Quantile(line, q.Values[0])), (x, q) => x.quantile(q), (x, q) => x.nanquantile(q)),
        Row.Of(Dense.Real(-2, 2, 3, 4), x => Dense.Of([3, 3], i => Enumerable.Range(0, 4).Sum(k => Centred(x, i[0], k) * Centred(x, i[1], k)) / 3), x => x.cov()),
        Row.Of(Dense.Whole([2, 3], 0, 3, 0, 4, 5, 0), _ => Dense.Scalar(3, ScalarType.Int64), x => x.count_nonzero()).Flat(),
        Row.Of(Dense.Whole([2, 3], 0, 3, 0, 4, 5, 0), _ => Dense.Whole([2], 1, 2), x => x.count_nonzero([1])).Flat(),
        Row.Of(new Dense([6], [0, 0.9, 1, 3.2, 4, 9]), _ => new Dense([4], [2, 1, 0, 2]), x => x.histc(4, 0, 4)).Flat(),
        Row.Of(Dense.Whole([5], 1, 3, 1, 0, 3), _ => Dense.Whole([5], 1, 2, 0, 2, 0), x => x.bincount(null, 5)).Flat(),
        Row.Of(Dense.Whole([3], 1, 0, 1), new Dense([3], [0.5, 2, 4]), (_, _) => new Dense([2], [2, 4.5]), (x, w) => x.bincount(w)).Flat(),
        Row.Of(Dense.Mask([2, 2], 1, 1, 0, 1), _ => Dense.Scalar(0, ScalarType.Bool), x => x.all()).Flat(),
        Row.Of(Dense.Mask([2, 2], 1, 1, 0, 1), _ => Dense.Mask([2], 1, 0), x => x.all(1)).Flat(),
        Row.Of(Dense.Mask([2, 2], 1, 1, 0, 0), _ => Dense.Scalar(1, ScalarType.Bool), x => x.any()).Flat(),
        Row.Of(Dense.Mask([2, 2], 1, 1, 0, 0), _ => Dense.Mask([2], 1, 0), x => x.any(1)).Flat(),
    ];

    private static IEnumerable<Operation> Orders() =>
    [
        Row.Of(s_table, x => Whole(x, line => line.Max()), x => x.max(), x => x.amax()),
        Row.Of(s_table, x => Whole(x, line => line.Min()), x => x.min(), x => x.amin()),
        Row.Of(s_table, x => x.Along(1, line => line.Max()), x => x.amax(1), x => x.amax([1], keepdim: false)),
        Row.Of(s_table, x => x.Along(1, line => line.Min()), x => x.amin(1), x => x.amin([1], keepdim: false)),
        Row.Many(s_table, x => [x.Along(1, line => line.Max()), Place(x, line => line.Max())], x => { var (values, places) = x.max(1); return [values, places]; }),
        Row.Many(s_table, x => [x.Along(1, line => line.Min()), Place(x, line => line.Min())], x => { var (values, places) = x.min(1); return [values, places]; }),
        Row.Many(s_table, x => [x.Along(1, line => line.Min()), x.Along(1, line => line.Max())], x => { var (least, most) = x.aminmax(1); return [least, most]; }) with { Smooth = false },
        Row.Of(s_table, x => Whole(x, line => Array.IndexOf(line, line.Max()), ScalarType.Int64), x => x.argmax()).Flat(),
        Row.Of(s_table, x => Whole(x, line => Array.IndexOf(line, line.Min()), ScalarType.Int64), x => x.argmin()).Flat(),
        Row.Of(s_table, x => Place(x, line => line.Max()), x => x.argmax(1)).Flat(),
        Row.Of(s_table, x => Place(x, line => line.Min()), x => x.argmin(1)).Flat(),
        Row.Many(s_table, x => [Sorted(x, 4), SortedPlaces(x, 4)], x => { var (values, places) = x.sort(1); return [values, places]; }),
        Row.Of(s_table, x => SortedPlaces(x, 4), x => x.argsort(1)).Flat(),
        Row.Of(Dense.Real(-2, 2, 5), x => x.Lines(0, line => [.. line.Order()]), x => x.msort()),
        Row.Many(s_table, x => [Sorted(x.Map(v => -v), 2).Map(v => -v), SortedPlaces(x.Map(v => -v), 2)], x => { var (values, places) = x.topk(2); return [values, places]; }),
        Row.Many(s_table, x => [x.Along(1, line => line.Order().ElementAt(1)), Place(x, line => line.Order().ElementAt(1))], x => { var (values, places) = x.kthvalue(2, 1); return [values, places]; }),
        Row.Many(Dense.Whole([5], 3, 1, 3, 2, 3), _ => [Dense.Scalar(3, ScalarType.Int64)], x => { var (values, _) = x.mode(); return [values]; }) with { Smooth = false },
        Row.Many(Dense.Whole([5], 3, 1, 3, 2, 1), _ => [Dense.Whole([3], 1, 2, 3), Dense.Whole([5], 2, 0, 2, 1, 0), Dense.Whole([3], 2, 1, 2)],
            x => { var (values, places, counts) = x.unique(return_inverse: true, return_counts: true); return [values, places!, counts!]; }) with { Smooth = false },
        Row.Many(Dense.Whole([3, 2], 3, 1, 0, 2, 3, 1), _ => [Dense.Whole([2, 2], 0, 2, 3, 1)], x => { var (values, _, _) = x.unique(dim: 0); return [values]; }) with { Smooth = false },
        Row.Many(Dense.Whole([5], 3, 3, 1, 1, 3), _ => [Dense.Whole([3], 3, 1, 3), Dense.Whole([5], 0, 0, 1, 1, 2), Dense.Whole([3], 2, 2, 1)],
            x => { var (values, places, counts) = x.unique_consecutive(return_inverse: true, return_counts: true); return [values, places!, counts!]; }) with { Smooth = false },
        Row.Of(new Dense([3], [1, 3, 5]), new Dense([4], [0, 3, 4, 9]), (_, _) => Dense.Whole([4], 0, 1, 2, 3), (edges, x) => searchsorted(edges, x), (edges, x) => x.bucketize(edges)).Flat(),
        Row.Of(new Dense([3], [1, 3, 5]), new Dense([4], [0, 3, 4, 9]), (_, _) => Dense.Whole([4], 0, 2, 2, 3), (edges, x) => searchsorted(edges, x, right: true), (edges, x) => x.bucketize(edges, right: true)).Flat(),
    ];

    private static double Quantile(double[] line, double q)
    {
        double[] sorted = [.. line.Order()];
        var at = q * (line.Length - 1);
        var below = (int)Math.Floor(at);
        return sorted[below] + ((at - below) * (sorted[Math.Min(below + 1, line.Length - 1)] - sorted[below]));
    }

    private static double Centred(Dense x, int row, int column) => x[row, column] - Enumerable.Range(0, x.Shape[1]).Average(k => x[row, k]);

    private static Dense Place(Dense x, Func<double[], double> f) => x.Along(1, line => Array.IndexOf(line, f(line)), type: ScalarType.Int64);

    private static Dense Sorted(Dense x, int count) => Dense.Of([x.Shape[0], count], i => Line(x, i[0]).Order().ElementAt(i[1]));

    private static Dense SortedPlaces(Dense x, int count) =>
        Dense.Of([x.Shape[0], count], i => Array.IndexOf(Line(x, i[0]), Line(x, i[0]).Order().ElementAt(i[1])), ScalarType.Int64);

    private static double[] Line(Dense x, int row) => [.. Enumerable.Range(0, x.Shape[1]).Select(column => x[row, column])];
}
