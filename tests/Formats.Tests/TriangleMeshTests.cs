namespace Realiz3D.Mesh.Formats.Tests;

public sealed class TriangleMeshTests
{
    [Fact]
    public void AreaWeightedNormals_WeighFacesByTheirArea()
    {
        // At the common corner a face of area 1/2 looks to +Z and one of area 1 to +X.
        var mesh = new TriangleMesh([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2], [0, 1, 2, 0, 2, 3]);

        var normals = mesh.AreaWeightedNormals();

        var expected = new[] { 2 / Math.Sqrt(5), 0, 1 / Math.Sqrt(5) };
        Assert.All(Enumerable.Range(0, 3), axis => Assert.Equal(expected[axis], normals[axis], 1e-6));
        Assert.Equal([0f, 0, 1], normals[3..6]);
        Assert.Equal([1f, 0, 0], normals[9..12]);
    }

    [Fact]
    public void AreaWeightedNormals_AgreeAcrossASeam()
    {
        var joined = new TriangleMesh([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2], [0, 1, 2, 0, 2, 3]).AreaWeightedNormals();
        var split = new TriangleMesh(
            [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2], [0, 1, 2, 3, 4, 5]).AreaWeightedNormals();

        Assert.Equal(joined[..9], split[..9]);
        Assert.Equal([.. joined[..3], .. joined[6..9]], split[9..15]);
    }

    [Theory]
    [InlineData(new float[] { 0, 0 }, new int[] { }, "whole triples")]
    [InlineData(new float[] { 0, 0, 0 }, new[] { 0, 0, 1 }, "outside 0 to 0")]
    [InlineData(new float[] { 0, float.NaN, 0 }, new[] { 0, 0, 0 }, "not finite")]
    public void Fault_SaysWhatIsWrong(float[] positions, int[] indices, string fault)
    {
        Assert.Contains(fault, new TriangleMesh(positions, indices).Fault(), StringComparison.Ordinal);
    }

    [Fact]
    public void Fault_SoundMesh_HasNone()
    {
        Assert.Null(new TriangleMesh([0, 0, 0], [0, 0, 0], [0, 0], [0, 1, 0]).Fault());
        Assert.NotNull(new TriangleMesh([0, 0, 0], [0, 0, 0], [0]).Fault());
        Assert.NotNull(new TriangleMesh([0, 0, 0], [0, 0, 0], null, [0]).Fault());
    }
}
