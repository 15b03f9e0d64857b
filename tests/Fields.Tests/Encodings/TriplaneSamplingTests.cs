using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class TriplaneSamplingTests
{
    [Theory]
    [InlineData(TriplaneAxes.XyXzYz, new[] { 0, 1, 0, 2, 1, 2 })]
    [InlineData(TriplaneAxes.XyXzZx, new[] { 0, 1, 0, 2, 2, 0 })]
    [InlineData(TriplaneAxes.XyXzZy, new[] { 0, 1, 0, 2, 2, 1 })]
    public void Planes_ThatHoldTheirOwnCoordinates_GiveThemBack(TriplaneAxes axes, int[] expected)
    {
        // Channel 0 rises along the columns, channel 1 along the rows, from -1 to 1 between the outer texels' centres.
        using var scope = NewDisposeScope();
        var ramp = linspace(-1, 1, 5, ScalarType.Float64);
        var plane = stack([ramp.expand(5, 5), ramp.unsqueeze(-1).expand(5, 5)]);
        var planes = plane.expand(1, 3, 2, 5, 5).contiguous();
        var x = Gradients.Uniform(1, -0.5, 0.5, 1, 9, 3);       // in a box of side 1.6

        var read = TriplaneSampling.Sample(planes, x, new(axes, BoxSize: 1.6, AlignCorners: true, Border: true));

        var wanted = stack(expected.Select(axis => (x[0].select(1, axis) / 0.8).clamp(-1.0, 1.0)), -1);     // [M, 6]
        AssertTensor.Close(wanted, read[0].transpose(0, 1).reshape(9, 6), 1e-9, 1e-9);
    }

    [Fact]
    public void Outside_ThereIsNothing_OrTheBorderGoesOn()
    {
        using var scope = NewDisposeScope();
        var (planes, far) = (ones([1, 3, 1, 4, 4]), full([1, 1, 3], 5f));
        var options = new TriplaneOptions(TriplaneAxes.XyXzYz);

        Assert.Equal([0, 0, 0], AssertTensor.Values(TriplaneSampling.Sample(planes, far, options)));
        Assert.Equal([1, 1, 1], AssertTensor.Values(TriplaneSampling.Sample(planes, far, options with { Border = true })));

        // On the cube's face the outer texel's centre, or its outer edge, half of which lies outside.
        var face = tensor([1f, 0, 0], [1, 1, 3]);
        Assert.Equal([0.5, 0.5, 1], AssertTensor.Values(TriplaneSampling.Sample(planes, face, options)));
        Assert.Equal([1, 1, 1], AssertTensor.Values(TriplaneSampling.Sample(planes, face, options with { AlignCorners = true })));
    }

    [Fact]
    public void Gradients_MatchCentralDifferences()
    {
        using var scope = NewDisposeScope();
        var (planes, x) = (Gradients.Uniform(2, -1, 1, 2, 3, 2, 4, 5), Gradients.Uniform(3, -0.9, 0.9, 2, 3, 3));
        var options = new TriplaneOptions(TriplaneAxes.XyXzZx, 2.5);

        Gradients.Agree(p => TriplaneSampling.Sample(planes, p, options), x);
        Gradients.Agree(p => TriplaneSampling.Sample(p, x, options), planes);
    }
}
