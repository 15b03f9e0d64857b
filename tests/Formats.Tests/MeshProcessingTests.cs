using System.Numerics;

namespace Realiz3D.Mesh.Formats.Tests;

public sealed class MeshProcessingTests
{
    [Fact]
    public void Repair_SoundMesh_IsLeftAsItIs()
    {
        var torus = TestSolids.Torus(1, 0.4, 20, 10);

        var result = MeshRepair.Repair(torus);

        Assert.Equal((0, 0, 0, 0, 0), (result.RemovedFaces, result.FlippedFaces, result.RemovedComponents, result.FilledHoles, result.OpenHoles));
        Assert.Equal(torus.Indices.Select(torus.Position), result.Mesh.Indices.Select(result.Mesh.Position));
    }

    [Fact]
    public void Repair_ClosesHoles_AndTurnsFacesOutwards()
    {
        var cube = TestSolids.Cube();
        int[] broken = [.. cube.Indices[6..], 4, 5, 7]; // one side open, one face twice
        (broken[0], broken[1]) = (broken[1], broken[0]);

        var result = MeshRepair.Repair(cube with { Indices = broken });

        Assert.Equal((1, 1, 1, 0), (result.RemovedFaces, result.FlippedFaces, result.FilledHoles, result.OpenHoles));
        var check = MeshInspection.Of(result.Mesh);
        Assert.Equal((true, true, true, 2), (check.Closed, check.Manifold, check.WindingConsistent, check.EulerCharacteristic));
        Assert.Equal((1.0, 6.0), (Math.Round(check.SignedVolume, 9), Math.Round(check.Area, 9)));
    }

    [Fact]
    public void Repair_FillsABentHoleWithTheLeastArea()
    {
        var sphere = TestSolids.Sphere(3);
        // Without the faces of the upper cap.
        int[] open = [.. Enumerable.Range(0, sphere.FaceCount).Where(face =>
            Enumerable.Range(0, 3).Sum(k => sphere.Position(sphere.Indices[(3 * face) + k]).Y) < 2.4f).SelectMany(face => sphere.Indices[(3 * face)..(3 * face + 3)])];
        Assert.False(MeshInspection.Of(sphere with { Indices = open }).Closed);

        var result = MeshRepair.Repair(sphere with { Indices = open });

        var check = MeshInspection.Of(result.Mesh);
        Assert.Equal((1, true, true, true, 2), (result.FilledHoles, check.Closed, check.Manifold, check.WindingConsistent, check.EulerCharacteristic));
        Assert.InRange(check.SignedVolume, 3.5, MeshInspection.Of(sphere).SignedVolume);
        Assert.Equal((0, 1), (MeshRepair.Repair(sphere with { Indices = open }, new MeshRepairConfig(LongestHole: 5)).FilledHoles,
            MeshRepair.Repair(sphere with { Indices = open }, new MeshRepairConfig(LongestHole: 5)).OpenHoles));
    }

    [Fact]
    public void Repair_InsideOut_AndCrumbs()
    {
        var sphere = TestSolids.Sphere(2);
        var mesh = TestSolids.Join(sphere with { Indices = [.. sphere.Indices.Reverse()] }, TestSolids.Cube(0.05f, 3));

        var result = MeshRepair.Repair(mesh);

        var check = MeshInspection.Of(result.Mesh);
        Assert.Equal((1, sphere.FaceCount, 1), (result.RemovedComponents, result.FlippedFaces, check.ComponentCount));
        Assert.Equal(MeshInspection.Of(sphere).SignedVolume, check.SignedVolume, 6);
        Assert.Equal(sphere.VertexCount, result.Mesh.VertexCount);
        Assert.Equal(0, MeshRepair.Repair(mesh, new MeshRepairConfig(SmallestComponent: 0)).RemovedComponents);
    }

    [Fact]
    public void Repair_EdgesWithThreeFaces_LoseTheSmallest()
    {
        var cube = TestSolids.Cube();
        var fin = new TriangleMesh([.. cube.Positions, 0, 0, 0.9f], [.. cube.Indices, 4, 5, 8]); // stands on an edge

        var result = MeshRepair.Repair(fin);

        Assert.Equal(1, result.RemovedFaces);
        Assert.True(MeshInspection.Of(result.Mesh) is { Closed: true, Manifold: true });
    }

    [Fact]
    public void Repair_CountsEachKindOfFaceThatGoes()
    {
        var cube = TestSolids.Cube();
        // On a closed cube: a fin, the same face turned round, one with a corner twice and one on a line.
        var mesh = new TriangleMesh([.. cube.Positions, 0, 0, 0.9f, 0, -0.5f, -0.5f], [.. cube.Indices, 4, 5, 8, 0, 2, 3, 3, 2, 0, 0, 1, 1, 0, 1, 9]);

        var result = MeshRepair.Repair(mesh);

        Assert.Equal((2, 2, 1, 5), (result.DegenerateFaces, result.DuplicateFaces, result.SurplusFaces, result.RemovedFaces));
        Assert.Equal(12, result.Mesh.FaceCount);
    }

    [Fact]
    public void SlowWork_StopsWhenItIsCancelled()
    {
        var (sphere, cancelled) = (TestSolids.Sphere(2), new CancellationToken(canceled: true));

        Assert.Throws<OperationCanceledException>(() => MeshInspection.Of(sphere, weld: true, cancelled));
        Assert.Throws<OperationCanceledException>(() => MeshRepair.Repair(sphere, null, cancelled));
        Assert.Throws<OperationCanceledException>(() => MeshWelding.Weld(sphere, 1e-3, cancelled));
        Assert.Throws<OperationCanceledException>(() => MeshSmoothing.Taubin(sphere, 1, cancel: cancelled));
        Assert.Throws<OperationCanceledException>(() => MeshDecimation.Decimate(sphere, 10, cancelled));
        Assert.Throws<OperationCanceledException>(() => IsotropicRemeshing.Remesh(sphere, 0.1, cancel: cancelled));
    }

    [Fact]
    public void Bounds_GoAroundTheFaces_AndPlaceThem()
    {
        // The last vertex has no face.
        var mesh = new TriangleMesh([1, 2, 3, 5, 2, 3, 1, 4, 3, 100, 100, 100], [0, 1, 2]);

        var bounds = MeshBounds.Of(mesh);

        Assert.Equal(new MeshBounds(3, 3, 3, 4, Math.Sqrt(5)), bounds);
        Assert.Equal([-1f, -0.5f, 0, 1, -0.5f, 0, -1, 0.5f, 0], bounds.Place(mesh, 0.5).Positions[..9]);
    }

    [Fact]
    public void Taubin_TakesNoiseAway_WithoutShrinking()
    {
        var sphere = TestSolids.Sphere(4);
        var random = new Random(4);
        var noisy = sphere with { Positions = Array.ConvertAll(sphere.Positions, x => x * (1 + (0.04f * (random.NextSingle() - 0.5f)))) };
        double Roughness(TriangleMesh mesh) => Math.Sqrt(Enumerable.Range(0, mesh.VertexCount).Average(v => Math.Pow(mesh.Position(v).Length() - 1, 2)));

        var smooth = MeshSmoothing.Taubin(noisy, 20);

        // Half of it is gone: what lies in the pass band stays.
        Assert.True(Roughness(smooth) < 0.55 * Roughness(noisy), $"{Roughness(noisy)} became {Roughness(smooth)}");
        // The second step is the longer one, so that the ball grows, by one percent here.
        Assert.Equal(MeshInspection.Of(sphere).SignedVolume, MeshInspection.Of(smooth).SignedVolume, 0.05);
        Assert.Equal(noisy.Indices, smooth.Indices);
        Assert.Equal(noisy.Positions, MeshSmoothing.Taubin(noisy, 0).Positions);
    }

    [Fact]
    public void Taubin_OneStep_IsThePublishedFilter()
    {
        // A closed band of quads, displaced by a sine: the umbrella's eigenvector, so one pair of steps scales it by (1 - l k)(1 - m k).
        const int Count = 12;
        var ring = TestSolids.Grid(Count, Count, true, true, (s, t) => (s, t, 0));
        var edges = MeshEdges.Of(ring.Indices, MeshEdges.ProperFaces(ring.Indices));
        var mesh = ring with { Positions = [.. Enumerable.Range(0, ring.VertexCount).SelectMany(v => new[] { v, 100f * v, (float)Math.Cos(2 * Math.PI * (v % Count) / Count) })] };

        var moved = MeshSmoothing.Taubin(mesh, 1);

        // Six neighbours: two along t, two along s and two diagonal, all but the first two shifted by one in s.
        var k = 1 - ((2 + (4 * Math.Cos(2 * Math.PI / Count))) / 6);
        var scale = (1 - (0.5 * k)) * (1 - (1 / (0.1 - 2) * k));
        Assert.Equal(3 * ring.VertexCount, edges.Count);
        for (var v = 0; v < ring.VertexCount; v++)
        {
            Assert.Equal(scale * mesh.Positions[(3 * v) + 2], moved.Positions[(3 * v) + 2], 1e-6);
        }
    }

    [Fact]
    public void Taubin_LeavesOpenBordersWhereTheyAre()
    {
        var random = new Random(1);
        var sheet = TestSolids.Grid(6, 6, false, false, (s, t) => (s, t, random.NextDouble()));

        var smooth = MeshSmoothing.Taubin(sheet, 5);

        for (var v = 0; v < sheet.VertexCount; v++)
        {
            var border = v % 7 is 0 or 6 || v / 7 is 0 or 6;
            Assert.Equal(border, sheet.Position(v) == smooth.Position(v));
        }
    }

    [Fact]
    public void Tangents_RunAlongU_AndSayOnWhichSideVIs()
    {
        // A square in the plane of x and y; u along x, v down along y as glTF has it.
        var square = TestSolids.Grid(2, 2, false, false, (s, t) => (s, t, 0));
        float[] upright = [.. Enumerable.Range(0, 9).SelectMany(v => new[] { v % 3 / 2f, 1 - (v / 3 / 2f) })];

        var frames = TangentFrames.Of(square with { Uvs = upright });
        Assert.Equal(9, frames.VertexCount);
        Assert.All(frames.Tangents!.Chunk(4), tangent => Assert.Equal([1f, 0, 0, 1], tangent));

        var mirrored = TangentFrames.Of(square with { Uvs = [.. upright.Select((value, i) => i % 2 == 0 ? 1 - value : value)] });
        Assert.All(mirrored.Tangents!.Chunk(4), tangent => Assert.Equal([-1f, 0, 0, -1], tangent));
    }

    [Fact]
    public void Tangents_OfASphere_AreUprightOnTheNormals()
    {
        var torus = TestSolids.Torus(1, 0.4, 16, 8);
        var random = new Random(8);
        var mesh = torus with { Uvs = [.. Enumerable.Range(0, 2 * torus.VertexCount).Select(_ => random.NextSingle())] };

        var frames = TangentFrames.Of(mesh);

        for (var v = 0; v < frames.VertexCount; v++)
        {
            var tangent = new Vector3(frames.Tangents!.AsSpan(4 * v, 3));
            Assert.Equal(1, tangent.Length(), 1e-5);
            Assert.Equal(0, Vector3.Dot(tangent, new Vector3(frames.Normals!.AsSpan(3 * v, 3))), 1e-5);
        }

        // Each face sees its texture from the side that its vertices say.
        Assert.Equal(mesh.Indices.Select(mesh.Position), frames.Indices.Select(frames.Position));
        for (var f = 0; f < frames.Indices.Length; f += 3)
        {
            var signs = frames.Indices[f..(f + 3)].Select(v => frames.Tangents![(4 * v) + 3]).Distinct();
            Assert.Single(signs);
        }
    }

    [Fact]
    public void Tangents_WeighFacesByTheirAngle()
    {
        // At the common corner a face of 90 degrees says +x, one of 45 degrees says +y.
        var mesh = new TriangleMesh(
            [0, 0, 0, 1, 0, 0, 0, 1, 0, -1, 0, 0, -1, -1, 0],
            [0, 1, 2, 0, 3, 4],
            [0, 1, 1, 1, 0, 0, 0, 0, -1, 0],
            [0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1]);

        var frames = TangentFrames.Of(mesh);

        // Second face: u does not change from 0 to 3 and falls by 1 from 3 to 4, which lies at -y; v grows upwards from 0 to 3, at -x.
        Assert.Equal(1, frames.Tangents![3]);
        var alone = TangentFrames.Of(mesh with { Indices = [0, 3, 4] });
        Assert.Equal([0f, 1, 0], alone.Tangents![..3]);
        var expected = Vector3.Normalize(new Vector3(2, 1, 0));
        Assert.Equal(expected.X, frames.Tangents![0], 1e-6);
        Assert.Equal(expected.Y, frames.Tangents![1], 1e-6);
    }

    [Fact]
    public void Tangents_NeedTextureCoordinates() => Assert.Throws<ArgumentException>(() => TangentFrames.Of(TestSolids.Cube()));
}
