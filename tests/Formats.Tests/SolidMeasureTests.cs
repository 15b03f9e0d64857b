using System.Numerics;

namespace Realiz3D.Mesh.Formats.Tests;

public sealed class SolidMeasureTests
{
    [Fact]
    public void Winding_IsOneInsideAndZeroOutside_OfACube()
    {
        var cube = new WindingNumber(TestSolids.Cube());

        Assert.Equal(1, cube.At(0.2, -0.3, 0.49), 12);
        Assert.Equal(0, cube.At(0.2, -0.3, 0.51), 12);
    }

    [Fact]
    public void Winding_OfAnOpenMesh_IsTheSolidAngleItCovers()
    {
        var cube = TestSolids.Cube();
        var open = new WindingNumber(cube with { Indices = cube.Indices[6..] }); // without the side at z = -1/2

        Assert.Equal(5.0 / 6, open.At(0, 0, 0), 12);
    }

    [Fact]
    public void Winding_ThroughTheTree_MatchesTheSumOverAllFaces()
    {
        var mesh = TestSolids.Torus(1, 0.4, 60, 30);
        var winding = new WindingNumber(mesh);
        var random = new Random(3);
        for (var i = 0; i < 300; i++)
        {
            var place = new Vector3(random.NextSingle() - 0.5f, random.NextSingle() - 0.5f, random.NextSingle() - 0.5f) * 4;
            // Far groups enter with two terms of their expansion; an inside test needs 0.5.
            Assert.Equal(BruteForce(mesh, place), winding.At(place.X, place.Y, place.Z), 0.01);
        }
    }

    [Fact]
    public void Inside_OfATorus_IsTheTube_WhicheverWayFacesLook()
    {
        var torus = TestSolids.Torus(1, 0.4, 80, 40);
        float[] points = [1, 0, 0, 0, 0, 0, 0, 0.35f, 1, 0, 0.45f, 1];

        Assert.Equal([true, false, true, false], new WindingNumber(torus).Inside(points));
        var inwards = torus with { Indices = [.. torus.Indices.Reverse()] };
        Assert.Equal([true, false, true, false], new WindingNumber(inwards).Inside(points));
    }

    [Fact]
    public void VolumeIou_OfShiftedCubes_IsTheShareOfTheirVolumes()
    {
        var grid = Enumerable.Range(0, 40).SelectMany(i => Enumerable.Range(0, 20).SelectMany(j => Enumerable.Range(0, 20)
            .SelectMany(k => new[] { ((i + 0.5f) / 20) - 0.5f, ((j + 0.5f) / 20) - 0.5f, ((k + 0.5f) / 20) - 0.5f }))).ToArray();

        Assert.Equal(1.0 / 3, VolumeIou.Of(TestSolids.Cube(), TestSolids.Cube(x: 0.5f), grid), 12);
        Assert.Equal(0, VolumeIou.Of(TestSolids.Cube(), TestSolids.Cube(), [])); // nothing seen, nothing in common
        Assert.Equal(0.5, VolumeIou.OfDistances([-1, -1, 0, 2], [-1, 1, 0, 1]));
        Assert.Throws<ArgumentException>(() => VolumeIou.Of([true], [true, false]));
    }

    [Fact]
    public void Samples_LieOnTheirFaces_AsDenselyOnLargeOnesAsOnSmall()
    {
        // Areas 1/2 and 3/2, so that one quarter of the points belongs to the first face.
        var mesh = new TriangleMesh([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 3], [0, 1, 2, 0, 2, 3]);
        var random = new Random(5);

        var samples = new SurfaceSampler(mesh).Sample([.. Enumerable.Range(0, 3 * 8000).Select(_ => random.NextSingle())]);

        Assert.Equal(0.25, samples.Faces.Count(face => face == 0) / 8000.0, 0.015);
        for (var i = 0; i < 8000; i++)
        {
            var normal = samples.Normals[(3 * i)..(3 * i + 3)];
            Assert.Equal(samples.Faces[i] == 0 ? [0f, 0, 1] : [1f, 0, 0], normal);
            Assert.Equal(0, samples.Points[(3 * i) + (samples.Faces[i] == 0 ? 2 : 0)]);
            Assert.Equal(1, samples.Barycentric[3 * i] + samples.Barycentric[(3 * i) + 1] + samples.Barycentric[(3 * i) + 2], 1e-6);
        }

        // Evenly within a face: its centroid is the mean.
        var second = Enumerable.Range(0, 8000).Where(i => samples.Faces[i] == 1).ToArray();
        Assert.Equal(1.0 / 3, second.Average(i => samples.Points[(3 * i) + 1]), 0.02);
        Assert.Equal(1.0, second.Average(i => samples.Points[(3 * i) + 2]), 0.06);
    }

    [Fact]
    public void Samples_OfNothing_AreRefused() =>
        Assert.Throws<ArgumentException>(() => new SurfaceSampler(new TriangleMesh([0, 0, 0, 1, 0, 0, 2, 0, 0], [0, 1, 2])));

    private static double BruteForce(TriangleMesh mesh, Vector3 place)
    {
        var sum = 0.0;
        for (var f = 0; f < mesh.Indices.Length; f += 3)
        {
            var (a, b, c) = (mesh.Position(mesh.Indices[f]) - place, mesh.Position(mesh.Indices[f + 1]) - place, mesh.Position(mesh.Indices[f + 2]) - place);
            var (x, y, z) = ((double)a.Length(), (double)b.Length(), (double)c.Length());
            sum += 2 * Math.Atan2(
                Vector3.Dot(a, Vector3.Cross(b, c)),
                (x * y * z) + (Vector3.Dot(a, b) * z) + (Vector3.Dot(b, c) * x) + (Vector3.Dot(c, a) * y));
        }

        return sum / (4 * Math.PI);
    }
}
