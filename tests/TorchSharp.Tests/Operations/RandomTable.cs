using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Realiz3D.Mesh.TorchSharp.Tests.Operations;

// On the CPU: each device has a generator of its own; the distributions are PyTorch's.
/// <summary>Operations whose values are drawn or left unset: what can be said of them.</summary>
internal static class RandomTable
{
    private const int Count = 10_000;

    /// <summary>The calls, for the count of covered operations.</summary>
    public static IEnumerable<Delegate> Spellings => All.Select(row => (Delegate)row.Draw);

    /// <summary>Draws with the mean and the variance that they must have; null where values are not set at all.</summary>
    public static IReadOnlyList<(Func<Generator, Tensor> Draw, long[] Shape, double? Mean, double Variance)> All { get; } =
    [
        (g => rand(Count, generator: g), [Count], 0.5, 1.0 / 12),
        (g => rand(100, 100, generator: g), [100, 100], 0.5, 1.0 / 12),
        (g => rand(100, 10, 10, generator: g), [100, 10, 10], 0.5, 1.0 / 12),
        (g => rand(10, 10, 10, 10, generator: g), [10, 10, 10, 10], 0.5, 1.0 / 12),
        (g => rand([Count], generator: g), [Count], 0.5, 1.0 / 12),
        (g => randn(Count, generator: g), [Count], 0, 1),
        (g => randn(100, 100, generator: g), [100, 100], 0, 1),
        (g => randn(100, 10, 10, generator: g), [100, 10, 10], 0, 1),
        (g => randn(10, 10, 10, 10, generator: g), [10, 10, 10, 10], 0, 1),
        (g => randn([Count], generator: g), [Count], 0, 1),
        (_ => rand_like(zeros(Count)), [Count], 0.5, 1.0 / 12),
        (_ => randn_like(zeros(Count)), [Count], 0, 1),
        (g => randint(10, [Count], generator: g), [Count], 4.5, 99.0 / 12),
        (g => randint(5, 15, [Count], generator: g), [Count], 9.5, 99.0 / 12),
        (_ => randint_like(zeros(Count), 5, 15), [Count], 9.5, 99.0 / 12),
        (g => randperm(Count, generator: g), [Count], (Count - 1) / 2.0, ((double)Count * Count - 1) / 12),
        (g => zeros(Count).normal_(3, 2, g), [Count], 3, 4),
        (g => zeros(Count).uniform_(-1, 3, g), [Count], 1, 16.0 / 12),
        (g => zeros(Count).bernoulli_(0.3, g), [Count], 0.3, 0.21),
        (g => full(Count, 0.3).bernoulli(g), [Count], 0.3, 0.21),
        (g => zeros(Count).exponential_(2, g), [Count], 0.5, 0.25),
        (g => tensor(new[] { 1f, 3f }).multinomial(Count, true, g), [Count], 0.75, 0.1875),
        (_ => F.dropout(ones(Count), 0.2), [Count], 1, 0.25),
        (_ => empty(2), [2], null, 0),
        (_ => empty(2, 3), [2, 3], null, 0),
        (_ => empty(2, 3, 4), [2, 3, 4], null, 0),
        (_ => empty(2, 3, 4, 5), [2, 3, 4, 5], null, 0),
        (_ => empty([2, 3]), [2, 3], null, 0),
        (_ => empty_like(zeros(2, 3)), [2, 3], null, 0),
    ];
}

public sealed class RandomTests
{
    public static TheoryData<int> Rows() => [.. Enumerable.Range(0, RandomTable.All.Count)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Draw_HasItsMeanAndVariance(int row)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        manual_seed(7);
        var (draw, shape, mean, variance) = RandomTable.All[row];
        var drawn = draw(generator);
        Assert.Equal(shape, drawn.shape);
        if (mean is { } expected)
        {
            // Five standard errors; the variance of any of these by a tenth.
            var values = drawn.to(ScalarType.Float64);
            var count = drawn.numel();
            Assert.Equal(expected, values.mean().item<double>(), 5 * Math.Sqrt(variance / count));
            Assert.Equal(1, values.var().item<double>() / variance, 0.1);
        }
    }

    [Fact]
    public void FromFile_MapsTheElementsOfAFile_AndLeavesItAlone()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, [.. new[] { 1f, -2f, 3.5f }.SelectMany(BitConverter.GetBytes)]);
            using (var mapped = from_file(path, size: 3, dtype: ScalarType.Float32))
            {
                Assert.Equal([1f, -2f, 3.5f], mapped.data<float>().ToArray());
                mapped.zero_().Dispose();
                Assert.Equal(0f, mapped.data<float>()[1]);
            }

            Assert.Equal(-2f, BitConverter.ToSingle(File.ReadAllBytes(path), 4));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
