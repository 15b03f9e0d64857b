using System.Text.Json;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Formats.Tests;

public sealed class MeshInspectionTests
{
    [Theory]
    [InlineData("mesh_bowtie_edge")]
    [InlineData("mesh_bowtie_vertex")]
    [InlineData("mesh_cube")]
    [InlineData("mesh_empty")]
    [InlineData("mesh_flipped_face")]
    [InlineData("mesh_inside_out")]
    [InlineData("mesh_mobius")]
    [InlineData("mesh_open_cylinder")]
    [InlineData("mesh_soup_cube")]
    [InlineData("mesh_three_faces_one_edge")]
    [InlineData("mesh_torus")]
    [InlineData("mesh_two_components")]
    public void Of_MatchesTheGolden(string name)
    {
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Goldens.Path("metrics", name, "case.json")));
        var stats = expected.RootElement.GetProperty("args").GetProperty("stats");
        int Count(string key) => stats.GetProperty(key).GetInt32();

        var found = MeshInspection.Of(Mesh(name), weld: false);

        Assert.Equal(Count("vertices_used"), found.VertexCount);
        Assert.Equal(Count("faces"), found.FaceCount);
        Assert.Equal(Count("edges"), found.EdgeCount);
        Assert.Equal(Count("euler"), found.EulerCharacteristic);
        Assert.Equal(Count("components_vertex"), found.ComponentCount);
        Assert.Equal(Count("boundary_edges"), found.BoundaryEdgeCount);
        Assert.Equal(Count("nonmanifold_edges"), found.NonManifoldEdgeCount);
        Assert.Equal(Count("nonmanifold_vertices"), found.NonManifoldVertexCount);
        Assert.Equal(stats.GetProperty("watertight").GetBoolean(), found.Closed);
        Assert.Equal(stats.GetProperty("winding_consistent").GetBoolean(), found.WindingConsistent);
        Assert.Equal(stats.GetProperty("area").GetDouble(), found.Area, 1e-5);
        Assert.Equal(stats.GetProperty("signed_volume").GetDouble(), found.SignedVolume, 1e-5);
    }

    [Fact]
    public void Of_Welded_TurnsSoupIntoAClosedCube()
    {
        var found = MeshInspection.Of(Mesh("mesh_soup_cube"));

        Assert.True(found.Closed && found.Manifold);
        Assert.Equal((8, 18, 12, 2, 1), (found.VertexCount, found.EdgeCount, found.FaceCount, found.EulerCharacteristic, found.ComponentCount));
    }

    [Fact]
    public void Of_RepeatedVertexOrLine_IsDegenerate()
    {
        var mesh = new TriangleMesh([0, 0, 0, 1, 0, 0, 0, 1, 0, 2, 0, 0], [0, 1, 2, 0, 0, 1, 0, 1, 3]);

        Assert.Equal(2, MeshInspection.Of(mesh).DegenerateFaceCount);
        Assert.Equal(0.5, MeshInspection.Of(mesh).Area, 1e-7);
    }

    private static TriangleMesh Mesh(string name)
    {
        using var golden = Goldens.Tensors("metrics", name);
        return new TriangleMesh(
            golden.ReadFloats("in/vertices"), [.. golden.ReadLongs("in/faces").Select(index => (int)index)]);
    }
}
