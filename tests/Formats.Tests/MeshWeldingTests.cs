namespace Realiz3D.Mesh.Formats.Tests;

public sealed class MeshWeldingTests
{
    [Fact]
    public void Weld_OfASoupWithGaps_IsTheClosedSolid()
    {
        var cube = TestSolids.Cube();
        var random = new Random(5);
        float[] apart = [.. cube.Indices.SelectMany(index => cube.Positions[(3 * index)..((3 * index) + 3)]).Select(x => x + (float)((random.NextDouble() - 0.5) * 1e-3))];

        var result = MeshWelding.Weld(new TriangleMesh(apart, [.. Enumerable.Range(0, 36)]), 4e-3);

        Assert.Equal((8, 28, 0), (result.Mesh.VertexCount, result.MergedVertices, result.RemovedFaces));
        Assert.True(MeshInspection.Of(result.Mesh, weld: false) is { Closed: true, EulerCharacteristic: 2 });
        Assert.False(MeshInspection.Of(MeshWelding.Weld(new TriangleMesh(apart, [.. Enumerable.Range(0, 36)]), 1e-6).Mesh).Closed);
    }

    [Fact]
    public void Weld_FollowsItsDefinition_ByBruteForce()
    {
        const double tolerance = 0.08;
        var random = new Random(1);
        var mesh = new TriangleMesh([.. Enumerable.Range(0, 1500).Select(_ => random.NextSingle())], [.. Enumerable.Range(0, 498)]);

        var result = MeshWelding.Weld(mesh, tolerance);

        var kept = new List<int>();
        var places = new int[mesh.VertexCount];
        for (var vertex = 0; vertex < places.Length; vertex++)
        {
            double Distance(int other) => (Vector3d.At(mesh.Positions, vertex) - Vector3d.At(mesh.Positions, other)).Length;
            var near = kept.Where(other => Distance(other) <= tolerance).OrderBy(Distance).ToArray();
            places[vertex] = near.Length > 0 ? near[0] : vertex;
            kept.AddRange(near.Length > 0 ? [] : [vertex]);
        }

        int[][] faces = [.. mesh.Indices.Chunk(3).Select(face => Array.ConvertAll(face, vertex => places[vertex])).Where(face => face.Distinct().Count() == 3)];
        Assert.InRange(kept.Count, 100, 450); // some are joined, some are not
        Assert.Equal(faces.SelectMany(face => face).Select(mesh.Position), result.Mesh.Indices.Select(result.Mesh.Position));
        Assert.Equal(mesh.FaceCount - faces.Length, result.RemovedFaces);
        Assert.Equal(faces.SelectMany(face => face).Distinct().Count(), result.Mesh.VertexCount);
    }

    [Fact]
    public void Weld_KeepsTextureSeams_AndLeavesFarVerticesAlone()
    {
        float[] positions = [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1e-4f, 0, 1, 1, 0, 0, 1, 0];
        float[] uvs = [0, 0, 1, 0, 1, 1, 0.5f, 0.5f, 1, 1, 0, 1];

        var mesh = MeshWelding.Weld(new TriangleMesh(positions, [0, 1, 2, 3, 4, 5], uvs), 1e-3).Mesh;

        Assert.Equal([0, 1, 2, 3, 2, 4], mesh.Indices); // (0, 0) twice for its two texture coordinates, (1, 1) once
        Assert.Equal(mesh.Position(0), mesh.Position(3));
        Assert.Equal([0.5f, 0.5f], mesh.Uvs![6..8]);
    }

    [Fact]
    public void Weld_OfEverything_LeavesNoFace_AndNegativeIsRefused()
    {
        Assert.Equal((0, 12), (MeshWelding.Weld(TestSolids.Cube(), 10).Mesh.FaceCount, MeshWelding.Weld(TestSolids.Cube(), 10).RemovedFaces));
        Assert.Throws<ArgumentException>(() => MeshWelding.Weld(TestSolids.Cube(), -1));
        Assert.Throws<ArgumentException>(() => MeshWelding.Weld(TestSolids.Cube(), double.NaN));
    }
}
