using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class FieldRegularisersTests
{
    [Fact]
    public void SignChanges_MatchTheFormula_AndSkipEdgesOfOneSign()
    {
        using var scope = NewDisposeScope();
        double[] s = [0.5, -0.2, -1.5, 0.7];
        var edges = tensor([0L, 1, 1, 2, 2, 3, 0, 3], [4, 2]);      // crossed: (0, 1) and (2, 3)
        static double Bce(double logit, bool target)
        {
            var share = 1 / (1 + Math.Exp(-logit));
            return -Math.Log(target ? share : 1 - share);
        }

        var expected = (Bce(s[0], false) + Bce(s[1], true) + Bce(s[2], true) + Bce(s[3], false)) / 2;
        Assert.Equal(expected, FieldRegularisers.SignChanges(tensor(s), edges).item<double>(), 1e-12);
        Gradients.Agree(x => FieldRegularisers.SignChanges(x, edges), tensor(s));
        Assert.Equal(0, FieldRegularisers.SignChanges(ones(4), edges).item<float>());
    }

    [Fact]
    public void Eikonal_IsZeroForASlopeOfOne()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(0, FieldRegularisers.Eikonal(tensor([0.6, 0, -0.8], [1, 3])).item<double>(), 1e-12);
        Assert.Equal((4 + 0.25) / 2, FieldRegularisers.Eikonal(tensor([3.0, 0, 0, 0, 0.5, 0], [2, 3])).item<double>(), 1e-12);
    }

    [Fact]
    public void Laplacian_IsTheDistanceToTheNeighboursMean()
    {
        // A pyramid's tip over a fan of four: its neighbours' mean is the middle of the square.
        using var scope = NewDisposeScope();
        var vertices = tensor([0.0, 0, 2, 1, 1, 0, -1, 1, 0, -1, -1, 0, 1, -1, 0], [5, 3]);
        var faces = tensor([0L, 1, 2, 0, 2, 3, 0, 3, 4, 0, 4, 1], [4, 3]);

        // Tip: (0, 0, -2). A corner: two faces, their others twice the tip and both next corners, 2 of 4 each.
        double[] corner = [((2 * 0.0) - 1 + 1) / 4 - 1, ((2 * 0.0) + 1 - 1) / 4 - 1, 2.0 * 2 / 4];
        var expected = (4 + (4 * corner.Sum(x => x * x))) / 15;
        Assert.Equal(expected, FieldRegularisers.Laplacian(vertices, faces).item<double>(), 1e-12);
        Assert.Equal(0, FieldRegularisers.Laplacian(vertices, faces, vertices).item<double>());
        Gradients.Agree(x => FieldRegularisers.Laplacian(x, faces), vertices);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    [InlineData(90)]
    public void NormalConsistency_IsOneMinusTheCosine(double degrees)
    {
        using var scope = NewDisposeScope();
        var angle = degrees * Math.PI / 180;
        var vertices = tensor([0.0, 0, 0, 0, 1, 0, 1, 0, 0, -Math.Cos(angle), 0, Math.Sin(angle)], [4, 3]);
        var (faces, pairs) = (tensor([0L, 2, 1, 0, 1, 3], [2, 3]), tensor([0L, 1], [1, 2]));

        Assert.Equal(1 - Math.Cos(angle), FieldRegularisers.NormalConsistency(vertices, faces, pairs).item<double>(), 1e-12);
        Gradients.Agree(x => FieldRegularisers.NormalConsistency(x, faces, pairs), vertices);
        Assert.Equal(0, FieldRegularisers.NormalConsistency(vertices, faces, pairs.narrow(0, 0, 0)).item<double>());
    }
}
