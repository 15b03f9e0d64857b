namespace Realiz3D.Mesh.Rendering.Tests;

public sealed class ProjectionsTests
{
    [Fact]
    public void LookAt_PutsThePointAheadAndUpAbove()
    {
        var view = Projections.LookAt([1, 2, 3], [4, 2, -1], [0, 1, 0]);

        AssertEqual([0, 0, -5], Apply(view, [4, 2, -1]));
        AssertEqual([0, 1, -5], Apply(view, [4, 3, -1]));
        AssertEqual([1, 2, 3], Apply(Projections.InverseRigid(view), [0, 0, 0]));
        AssertEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], Projections.Multiply(view, Projections.InverseRigid(view)));
    }

    [Fact]
    public void LookAt_SaysWhatLeavesItOpen()
    {
        Assert.Contains("looks at", Assert.Throws<ArgumentException>(() => Projections.LookAt([1, 1, 1], [1, 1, 1], [0, 1, 0])).Message, StringComparison.Ordinal);
        Assert.Contains("up", Assert.Throws<ArgumentException>(() => Projections.LookAt([0, 1, 0], [0, 0, 0], [0, 1, 0])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Orthographic_MapsTheBoxToTheCube()
    {
        var matrix = Projections.Orthographic(4, 1.5, 1, 9);

        AssertEqual([1, 1, -1], Apply(matrix, [3, 2, -1]));
        AssertEqual([-1, -1, 1], Apply(matrix, [-3, -2, -9]));
    }

    [Fact]
    public void RayDirections_MeetTheirPixelsInTheProjection()
    {
        const double lens = 0.7;
        var view = Projections.LookAt([2, 1, 3], [0, 0, 0], [0, 1, 0]);
        var rays = Projections.RayDirections(Projections.InverseRigid(view), lens, 4, 6);
        var clip = Projections.Multiply(Projections.Perspective(lens, 1.5, 0.1, 20), view);

        for (var i = 0; i < 24; i++)
        {
            var point = Apply(clip, [2 + (5 * rays[3 * i]), 1 + (5 * rays[(3 * i) + 1]), 3 + (5 * rays[(3 * i) + 2])], divide: true);
            Assert.Equal((i % 6) + 0.5, (point[0] + 1) * 3, 1e-9);
            Assert.Equal((i / 6) + 0.5, (1 - point[1]) * 2, 1e-9);
        }
    }

    private static double[] Apply(double[] m, double[] p, bool divide = false)
    {
        double Row(int r) => (m[4 * r] * p[0]) + (m[(4 * r) + 1] * p[1]) + (m[(4 * r) + 2] * p[2]) + m[(4 * r) + 3];
        var w = divide ? Row(3) : 1;
        return [Row(0) / w, Row(1) / w, Row(2) / w];
    }

    private static void AssertEqual(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }
}
