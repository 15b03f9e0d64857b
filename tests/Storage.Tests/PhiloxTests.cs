namespace Realiz3D.Mesh.Storage.Tests;

public class PhiloxTests
{
    // Known answers of philox4x32 with 10 rounds, from Random123's kat_vectors (D. E. Shaw Research).
    [Theory]
    [InlineData(
        new uint[] { 0, 0, 0, 0 },
        new uint[] { 0, 0 },
        new uint[] { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 })]
    [InlineData(
        new uint[] { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
        new uint[] { 0xffffffff, 0xffffffff },
        new uint[] { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd })]
    [InlineData(
        new uint[] { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 },
        new uint[] { 0xa4093822, 0x299f31d0 },
        new uint[] { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 })]
    public void Block_MatchesThePublishedVectors(uint[] counter, uint[] key, uint[] expected)
    {
        var (x0, x1, x2, x3) = Philox.Block((counter[0], counter[1], counter[2], counter[3]), (key[0], key[1]));

        Assert.Equal(expected, new[] { x0, x1, x2, x3 });
    }

    [Fact]
    public void Uniform_IsTheBlockOfSeedPurposeStepAndElement()
    {
        const ulong seed = 0x299f31d0_a4093822;
        const long element = 0x05a308d3_243f6a88;
        var (x0, x1, _, _) = Philox.Block(
            (0x243f6a88, 0x05a308d3, 7, (uint)DrawPurpose.Camera),
            (0xa4093822, 0x299f31d0));

        var drawn = new Philox(seed, DrawPurpose.Camera).Uniform(7, element);

        Assert.Equal((((ulong)x1 << 21) | (x0 >> 11)) / Math.Pow(2, 53), drawn);
    }

    [Fact]
    public void Normal_IsBoxMullerOfThePair()
    {
        var random = new Philox(7, DrawPurpose.Start);
        var (x0, x1, x2, x3) = Philox.Block((2, 0, 3, 0), (7, 0));
        var u = 1 - (((ulong)x1 << 21) | (x0 >> 11)) / Math.Pow(2, 53);
        var v = (((ulong)x3 << 21) | (x2 >> 11)) / Math.Pow(2, 53);

        Assert.Equal(Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * v), random.Normal(3, 4), 14);
        Assert.Equal(Math.Sqrt(-2 * Math.Log(u)) * Math.Sin(2 * Math.PI * v), random.Normal(3, 5), 14);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    public void FillNormal_WritesTheElementsOneByOne(int count)
    {
        var random = new Philox(11, DrawPurpose.Step);
        var filled = new float[count];

        random.FillNormal(filled, 5);

        Assert.Equal(Enumerable.Range(0, count).Select(i => (float)random.Normal(5, i)).ToArray(), filled);
    }

    [Fact]
    public void FillNormal_HasTheMomentsOfAStandardNormal()
    {
        var drawn = new float[200_000];
        new Philox(3, DrawPurpose.Start).FillNormal(drawn, 0);

        // Five standard errors: 1, sqrt(2) and sqrt(96) over sqrt(n) for mean, variance and fourth moment.
        Assert.Equal(0, drawn.Average(x => (double)x), 0.0112);
        Assert.Equal(1, drawn.Average(x => (double)x * x), 0.0159);
        Assert.Equal(3, drawn.Average(x => Math.Pow(x, 4)), 0.1096);
    }

    [Fact]
    public void Purposes_Seeds_Steps_AndElements_DrawDifferentNumbers()
    {
        double[] drawn =
        [
            new Philox(1, DrawPurpose.Start).Uniform(0, 0),
            new Philox(1, DrawPurpose.Step).Uniform(0, 0),
            new Philox(2, DrawPurpose.Start).Uniform(0, 0),
            new Philox(1UL << 32, DrawPurpose.Start).Uniform(0, 0),
            new Philox(1, DrawPurpose.Start).Uniform(1, 0),
            new Philox(1, DrawPurpose.Start).Uniform(0, 1),
            new Philox(1, DrawPurpose.Start).Uniform(0, 1L << 32),
        ];

        Assert.Equal(drawn.Length, drawn.Distinct().Count());
    }

    [Fact]
    public void Below_DrawsEachValueEquallyOften()
    {
        var random = new Philox(5, DrawPurpose.Data);
        var counts = new int[12];
        for (var i = 0; i < 12_000; i++)
        {
            counts[random.Below(12, 0, i)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 850, 1150)); // 1000 within five standard deviations
    }
}
