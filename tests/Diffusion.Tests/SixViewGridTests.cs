using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public class SixViewGridTests
{
    [Fact]
    public void Tile_PutsViewKIntoRowKOver2ColumnKMod2()
    {
        using var scope = NewDisposeScope();
        const int objects = 2, channels = 3, h = 4, w = 5;
        var views = arange(6 * objects * channels * h * w).view(6 * objects, channels, h, w);

        var grid = SixViewGrid.Tile(views);

        Assert.Equal([objects, channels, 3 * h, 2 * w], grid.shape);
        for (var view = 0; view < 6 * objects; view++)
        {
            var (row, column) = (view % 6 / 2, view % 6 % 2);
            var tile = grid[view / 6].narrow(1, row * h, h).narrow(2, column * w, w);
            AssertTensor.Equal(views[view], tile, $"view {view}");
        }

        AssertTensor.Equal(views, SixViewGrid.Untile(grid), "round trip");
    }

    [Fact]
    public void WrongCountOrSize_IsRefusedWithNumbers()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("5 views", Assert.Throws<ArgumentException>(() => SixViewGrid.Tile(zeros(5, 1, 2, 2))).Message, StringComparison.Ordinal);
        Assert.Contains("7 x 4", Assert.Throws<ArgumentException>(() => SixViewGrid.Untile(zeros(1, 1, 7, 4))).Message, StringComparison.Ordinal);
    }
}
