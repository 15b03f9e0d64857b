using System.Numerics;

namespace Realiz3D.Mesh.Formats.Tests;

public sealed class CreaseNormalsTests
{
    [Fact]
    public void Cube_BreaksAtItsEdges_OrIsRoundAtItsCorners()
    {
        var sharp = CreaseNormals.Of(TestSolids.Cube(), 45);
        var round = CreaseNormals.Of(TestSolids.Cube(), 90);

        Assert.Equal((24, 8), (sharp.VertexCount, round.VertexCount));
        for (var corner = 0; corner < 36; corner++)
        {
            var (a, b, c) = (sharp.Position(sharp.Indices[corner - (corner % 3)]), sharp.Position(sharp.Indices[corner - (corner % 3) + 1]), sharp.Position(sharp.Indices[corner - (corner % 3) + 2]));
            Assert.Equal(Vector3.Normalize(Vector3.Cross(b - a, c - a)), Normal(sharp, sharp.Indices[corner]));
            Assert.Equal(TestSolids.Cube().Position(TestSolids.Cube().Indices[corner]), sharp.Position(sharp.Indices[corner]));
        }

        // Two of the twelve half sides weigh more or less at a corner; the mean still looks into its octant.
        Assert.All(Enumerable.Range(0, 8), v => Assert.True(Vector3.Dot(Normal(round, v), Vector3.Normalize(round.Position(v))) > 0.8));
    }

    [Fact]
    public void Sphere_HasTheAreaWeightedNormals()
    {
        var sphere = TestSolids.Sphere(3);

        var smooth = CreaseNormals.Of(sphere, 45);

        Assert.Equal(sphere.VertexCount, smooth.VertexCount);
        var expected = sphere.AreaWeightedNormals();
        for (var corner = 0; corner < sphere.Indices.Length; corner++)
        {
            var given = new Vector3(expected.AsSpan(3 * sphere.Indices[corner], 3));
            Assert.True((given - Normal(smooth, smooth.Indices[corner])).Length() < 1e-5, $"corner {corner}");
        }
    }

    [Fact]
    public void FacesThatWindAgainstEachOther_DoNotShare()
    {
        // Two triangles of one plane, one turned over: a mean would be zero.
        var mesh = new TriangleMesh([0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0], [0, 1, 2, 0, 3, 2]);

        var normals = CreaseNormals.Of(mesh, 180);

        Assert.Equal([1, 1, 1, -1, -1, -1], normals.Indices.Select(vertex => Normal(normals, vertex).Z));
    }

    private static Vector3 Normal(TriangleMesh mesh, int vertex) => new(mesh.Normals.AsSpan(3 * vertex, 3));
}
