using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class LatentColoursTests
{
    [Fact]
    public void Fit_FindsTheMap_FromTheMeanColoursOfCells()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        double[][] map = [[0.5, -1, 2, 0.25], [0, 3, 0, -0.5], [1, 1, 1, 0]];
        var latents = randn([5, 3, 4, 6], generator: generator);
        var cells = new LatentColours(map).Apply(latents);
        var pixels = cells.repeat_interleave(2, 2).repeat_interleave(2, 3);                 // [5, 3, 8, 12]
        var checks = tensor(new[] { 1f, -1, -1, 1 }, [2, 2]).repeat(4, 6) * 0.3;            // no mean in any cell

        var fitted = LatentColours.Fit(latents, pixels + checks);

        Assert.Equal(3, fitted.Channels);
        for (var colour = 0; colour < 3; colour++)
        {
            Assert.All(map[colour].Zip(fitted.Map[colour]), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }

        // The first cell written out.
        var z = AssertTensor.Values(latents[0].narrow(1, 0, 1).narrow(2, 0, 1));
        Assert.Equal((0.5 * z[0]) - z[1] + (2 * z[2]) + 0.25, AssertTensor.Values(cells)[0], 1e-5);
    }

    [Fact]
    public void Map_OfAnotherForm_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new LatentColours([[1, 2], [1, 2]]));
        Assert.Throws<ArgumentException>(() => new LatentColours([[1, 2], [1, 2], [1]]));
        Assert.Throws<ArgumentException>(() => new LatentColours([[1, 2], [1, 2], [1, double.NaN]]));
    }
}
