using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class HashGridTests
{
    private static readonly HashGridConfig Small = new(3, 4, 13, 8, 2);

    [Fact]
    public void Layout_HasThePublishedResolutionsAndSize()
    {
        var levels = new HashGridConfig(16, 16, 4096, 19, 2).LayOut();

        Assert.Equal(
            [16, 24, 34, 49, 71, 102, 148, 213, 308, 446, 646, 934, 1352, 1956, 2831, 4096],
            levels.Select(level => (int)Math.Ceiling(level.Scale) + 1));
        Assert.Equal(5, levels.Count(level => level.DenseResolution is not null));
        Assert.Equal(6_299_960, levels[^1].First + levels[^1].Entries);
    }

    [Fact]
    public void Layout_OfNerfstudio_HashesEveryLevelOnWholeScales()
    {
        var levels = new HashGridConfig(4, 4, 32, 6, 2, HashGridStyle.Nerfstudio).LayOut();

        Assert.Equal([4, 8, 16, 32], levels.Select(level => level.Scale));
        Assert.Equal([0, 64, 128, 192], levels.Select(level => level.First));
        Assert.All(levels, level => Assert.Null(level.DenseResolution));
    }

    [Theory]
    [InlineData(HashGridStyle.TinyCudaNn)]
    [InlineData(HashGridStyle.Nerfstudio)]
    public void Forward_MatchesCornerByCorner(HashGridStyle style)
    {
        using var scope = NewDisposeScope();
        var config = Small with { Style = style };
        using var grid = Grid(config);
        var x = Gradients.Uniform(3, -0.2, 1.2, 20, 3);
        var (table, points) = (AssertTensor.Values(grid.Table), AssertTensor.Values(x));
        var expected = new double[20 * 6];
        foreach (var (level, l) in config.LayOut().Select((level, l) => (level, l)))
        {
            for (var n = 0; n < 20; n++)
            {
                double[] p = [.. Enumerable.Range(0, 3).Select(k => (points[(3 * n) + k] * level.Scale) + level.Shift)];
                for (var corner = 0; corner < 8; corner++)
                {
                    var (weight, c) = (1.0, new uint[3]);
                    for (var k = 0; k < 3; k++)
                    {
                        var (low, up) = ((long)Math.Floor(p[k]), (corner >> k) & 1);
                        weight *= up == 1 ? p[k] - low : 1 - (p[k] - low);
                        c[k] = unchecked((uint)(low + up));
                    }

                    var entry = unchecked(level.DenseResolution is { } r
                        ? c[0] + (c[1] * (uint)r) + (c[2] * (uint)(r * r))
                        : c[0] ^ (c[1] * 2654435761u) ^ (c[2] * 805459861u)) % (uint)level.Entries;
                    expected[(6 * n) + (2 * l)] += weight * table[2 * (level.First + entry)];
                    expected[(6 * n) + (2 * l) + 1] += weight * table[(2 * (level.First + entry)) + 1];
                }
            }
        }

        AssertTensor.Close(tensor(expected, [20, 6]), grid.call(x), 1e-10, 1e-14);
    }

    [Theory]
    [InlineData(HashGridStyle.TinyCudaNn)]
    [InlineData(HashGridStyle.Nerfstudio)]
    public void Gradients_MatchCentralDifferences(HashGridStyle style)
    {
        using var scope = NewDisposeScope();
        using var grid = Grid(Small with { Style = style });
        var x = Gradients.Uniform(5, 0.05, 0.95, 4, 3);
        Gradients.Agree(grid.call, x);

        // The encoding is linear in the table: its gradient has each corner's weight, 1 per point, level and feature.
        grid.zero_grad();
        grid.call(x).sum().backward();
        Assert.Equal(4 * 3 * 2, grid.Table.grad!.sum().item<double>(), 1e-9);
        AssertTensor.Close(grid.call(x).sum(), (grid.Table * grid.Table.grad!).sum(), 1e-9, 1e-12);
    }

    [Fact]
    public void Forward_KeepsTheShapeInFront_AndTakesNoPositions()
    {
        using var scope = NewDisposeScope();
        using var grid = Grid(Small);
        var x = Gradients.Uniform(6, 0, 1, 4, 5, 3);

        AssertTensor.Close(grid.call(x.reshape(20, 3)).reshape(4, 5, 6), grid.call(x), 0, 0);
        Assert.Equal([0, 6], grid.call(x.reshape(20, 3).narrow(0, 0, 0)).shape);
    }

    [Fact]
    public void Config_RefusesScalesOfAnotherCount() => Assert.Contains(
        "2 scales for 3 levels",
        Assert.Throws<ArgumentException>(() => (Small with { Scales = [1, 2] }).LayOut()).Message,
        StringComparison.Ordinal);

    private static HashGrid Grid(HashGridConfig config)
    {
        using var generator = new Generator(7);
        var grid = new HashGrid(config, generator);
        Assert.InRange(grid.Table.abs().max().item<float>(), 0.9e-4f, 1e-4f);
        TorchSharp.ModuleExtensionMethods.to(grid, TestDevice.Here, ScalarType.Float64);
        return grid;
    }
}
