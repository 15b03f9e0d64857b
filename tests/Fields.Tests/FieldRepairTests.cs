using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class FieldRepairTests
{
    [Fact]
    public void RemoveFloatersAndCavities_LeavesOnlyTheLargeBallWithoutItsCavity()
    {
        // A ball of radius 0.3 with a cavity of radius 0.12, and a small ball in a corner.
        var grid = BccGrid.Create(24, 0.5);
        var values = Field(grid.Positions, (x, y, z) => Math.Min(
            Math.Max(Norm(x, y, z) - 0.3, 0.12 - Norm(x, y, z)), Norm(x - 0.38, y - 0.38, z - 0.38) - 0.08));
        Assert.Equal(3, Inspect(grid, values).ComponentCount);

        var (pieces, cavities) = FieldRepair.RemoveFloatersAndCavities(grid.Edges, values, 0.1);

        Assert.Equal((1, 1), (pieces, cavities));
        var check = Inspect(grid, values);
        Assert.Equal((1, 2), (check.ComponentCount, check.EulerCharacteristic));
        Assert.Equal(4.0 / 3 * Math.PI * 0.027, check.SignedVolume, 0.002);
    }

    [Fact]
    public void RemoveFloatersAndCavities_KeepsAPieceThatIsLargeEnough()
    {
        var grid = BccGrid.Create(24, 0.5);
        var values = Field(grid.Positions, (x, y, z) => Math.Min(Norm(x - 0.2, y, z) - 0.15, Norm(x + 0.25, y, z) - 0.12));

        Assert.Equal((0, 0), FieldRepair.RemoveFloatersAndCavities(grid.Edges, values, 0.1));
        Assert.Equal(2, Inspect(grid, values).ComponentCount);
    }

    [Fact]
    public void PushFromVertices_RemovesFlatTriangles_AndKeepsTheSurface()
    {
        // The faces of the cube run through grid vertices, where the field is exactly 0.
        var grid = BccGrid.Create(8, 0.5);
        var values = Field(grid.Positions, (x, y, z) => Math.Max(Math.Abs(x), Math.Max(Math.Abs(y), Math.Abs(z))) - 0.25);
        Assert.True(Inspect(grid, values).DegenerateFaceCount > 0);

        FieldRepair.PushFromVertices(grid.Edges, values, 0.05);

        var check = Inspect(grid, values);
        Assert.Equal(0, check.DegenerateFaceCount);
        Assert.True(check.Closed && check.Manifold && check.WindingConsistent);

        // Vertices on the surface count as inside, so each face moves outwards, by at most the share of the longest edge.
        const double LongestEdge = 1.0 / 8;
        Assert.InRange(check.SignedVolume, 0.125, Math.Pow(0.5 + (2 * 0.05 * LongestEdge), 3));
    }

    private static MeshInspection Inspect(TetrahedralGrid grid, float[] values)
    {
        using var scope = NewDisposeScope();
        var topology = MarchingTopology.Of(grid, values);
        var vertices = MarchingTetrahedra.Vertices(topology, tensor(values), tensor(grid.Positions, [grid.VertexCount, 3]));
        return MeshInspection.Of(new TriangleMesh(vertices.cpu().data<float>().ToArray(), topology.Faces), weld: false);
    }

    private static float[] Field(float[] p, Func<double, double, double, double> value) =>
        [.. Enumerable.Range(0, p.Length / 3).Select(i => (float)value(p[3 * i], p[3 * i + 1], p[3 * i + 2]))];

    private static double Norm(double x, double y, double z) => Math.Sqrt(x * x + y * y + z * z);
}
