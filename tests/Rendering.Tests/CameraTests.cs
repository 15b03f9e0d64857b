namespace Realiz3D.Mesh.Rendering.Tests;

public sealed class CameraTests
{
    private const double Tight = 1e-12;

    [Theory]
    [InlineData(0, 0, 0, 0, 2)]       // azimuth 0 stands in front, on +Z
    [InlineData(90, 0, 2, 0, 0)]      // and grows towards +X
    [InlineData(0, 90, 0, 2, 0)]
    [InlineData(180, 0, 0, 0, -2)]
    [InlineData(0, -30, 0, -1, 1.7320508075688772)]
    public void Position_FollowsTheConvention(double azimuth, double elevation, double x, double y, double z)
    {
        var eye = new Camera(azimuth, elevation, 2, 30).Position();

        Assert.Equal([x, y, z], eye, (a, b) => Math.Abs(a - b) < Tight);
    }

    [Theory]
    [InlineData(30, 20)]
    [InlineData(211, -10)]
    [InlineData(77, 90)]
    [InlineData(77, -90)]
    public void WorldToCamera_IsARigidMotionThatPutsTheOriginOnTheAxis(double azimuth, double elevation)
    {
        var camera = new Camera(azimuth, elevation, 1.7, 30);
        var m = camera.WorldToCamera();

        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                var dot = m[4 * i] * m[4 * j] + m[4 * i + 1] * m[4 * j + 1] + m[4 * i + 2] * m[4 * j + 2];
                Assert.Equal(i == j ? 1 : 0, dot, Tight);
            }
        }

        var det = m[0] * (m[5] * m[10] - m[6] * m[9]) - m[1] * (m[4] * m[10] - m[6] * m[8]) + m[2] * (m[4] * m[9] - m[5] * m[8]);
        Assert.Equal(1, det, Tight);
        Assert.Equal([0.0, 0, -1.7], Transform(m, [0, 0, 0])[..3], (a, b) => Math.Abs(a - b) < Tight);
        Assert.Equal([0.0, 0, 0], Transform(m, camera.Position())[..3], (a, b) => Math.Abs(a - b) < Tight);
    }

    [Fact]
    public void Projection_MapsNearAndFarToMinusOneAndOne()
    {
        var camera = new Camera(0, 0, 1.866, 30);
        var near = Transform(camera.Projection(), [0, 0, -camera.Near]);
        var far = Transform(camera.Projection(), [0, 0, -camera.Far]);

        Assert.Equal(-1, near[2] / near[3], Tight);
        Assert.Equal(1, far[2] / far[3], Tight);
    }

    [Fact]
    public void Project_AgreesWithTheMatricesAndIsInvertedByTheRay()
    {
        var camera = new Camera(123, 17, 1.9, 40);
        double[] point = [0.21, -0.13, 0.34];
        const int size = 64;

        var clip = Transform(camera.WorldToClip(), point);
        var (column, row, depth) = camera.Project(point[0], point[1], point[2], size);

        Assert.Equal((clip[0] / clip[3] + 1) / 2 * size, column, 1e-10);
        Assert.Equal((1 - clip[1] / clip[3]) / 2 * size, row, 1e-10);
        Assert.Equal(clip[3], depth, 1e-10);

        var eye = camera.Position();
        var ray = camera.RayDirection(column, row, size);
        var length = Math.Sqrt(Enumerable.Range(0, 3).Sum(i => (point[i] - eye[i]) * (point[i] - eye[i])));
        Assert.Equal(point, eye.Zip(ray, (e, d) => e + length * d), (a, b) => Math.Abs(a - b) < 1e-10);
    }

    [Fact]
    public void Project_PutsUpAtTheTopAndRightAtTheRight()
    {
        var camera = CameraRig.At(0, 0);

        Assert.True(camera.Project(0, 0.3, 0, 64).Row < 32);
        Assert.True(camera.Project(0.3, 0, 0, 64).Column > 32);
        Assert.Equal(63.5, new Camera(0, 0, 1, 90).Project(63.0 / 64, 0, 0, 64).Column, Tight);
    }

    [Fact]
    public void Zero123PlusV12_HasThePublishedPoses()
    {
        var rig = CameraRig.Zero123PlusV12;

        Assert.Equal([30.0, 90, 150, 210, 270, 330], rig.Select(c => c.AzimuthDegrees));
        Assert.Equal([20.0, -10, 20, -10, 20, -10], rig.Select(c => c.ElevationDegrees));
        Assert.All(rig, c => Assert.Equal(1.8660254037844386, c.Radius, Tight));
        Assert.All(rig, c => Assert.Equal(30, c.FieldOfViewDegrees));
    }

    [Fact]
    public void Zero123PlusV11_HasThePublishedPoses()
    {
        var rig = CameraRig.Zero123PlusV11(radius: 1.5);

        Assert.Equal([30.0, 90, 150, 210, 270, 330], rig.Select(c => c.AzimuthDegrees));
        Assert.Equal([30.0, -20, 30, -20, 30, -20], rig.Select(c => c.ElevationDegrees));
        Assert.All(rig, c => Assert.Equal(1.5, c.Radius));
        Assert.All(rig, c => Assert.Equal(49.1343, c.FieldOfViewDegrees, 1e-4));
    }

    private static double[] Transform(double[] m, double[] p)
    {
        double[] v = [p[0], p[1], p[2], 1];
        return [.. Enumerable.Range(0, 4).Select(i => Enumerable.Range(0, 4).Sum(j => m[4 * i + j] * v[j]))];
    }
}
