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
        Assert.Equal(Count("components_edge"), found.EdgeComponentCount);
        Assert.Equal(Count("boundary_loops"), found.BoundaryLoopCount);
        Assert.Equal(stats.GetProperty("orientable").GetBoolean(), found.Orientable);
        var genus = stats.GetProperty("genus");
        Assert.Equal(genus.ValueKind == JsonValueKind.Null ? null : genus.GetInt32(), found.Genus);
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

    [Fact]
    public void Of_Torus_HasTheAreaAndVolumeOfPappus()
    {
        var found = MeshInspection.Of(TestSolids.Torus(1, 0.25, 200, 100));

        Assert.Equal((1, 1, true, true, 0), (found.Genus, found.ComponentCount, found.Closed, found.Orientable, found.BoundaryLoopCount));
        Assert.Equal(4 * Math.PI * Math.PI * 0.25, found.Area, 0.01);
        Assert.Equal(2 * Math.PI * Math.PI * 0.0625, found.SignedVolume, 0.005);
    }

    [Fact]
    public void Of_FacesTwice_CountsThemWhicheverWayTheyLook()
    {
        var mesh = new TriangleMesh([0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0], [0, 1, 2, 2, 1, 3, 2, 1, 0, 1, 2, 0]);

        Assert.Equal(2, MeshInspection.Of(mesh).DuplicateFaceCount);
    }

    [Fact]
    public void Of_TubeWithTwoRims_HasTwoBoundaryLoops()
    {
        var tube = TestSolids.Grid(12, 3, true, false, (s, t) => (Math.Sin(2 * Math.PI * s), t, Math.Cos(2 * Math.PI * s)));

        var found = MeshInspection.Of(tube);

        Assert.Equal((24, 2, null), (found.BoundaryEdgeCount, found.BoundaryLoopCount, found.Genus));
    }

    private static TriangleMesh Mesh(string name)
    {
        using var golden = Goldens.Tensors("metrics", name);
        return new TriangleMesh(
            golden.ReadFloats("in/vertices"), [.. golden.ReadLongs("in/faces").Select(index => (int)index)]);
    }
}
