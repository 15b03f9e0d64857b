using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class KuhnGridTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Create_FillsTheCubeExactly_WithFacesThatMeet(int cells)
    {
        var grid = KuhnGrid.Create(cells, 0.5);
        var (volume, faces) = (0.0, new Dictionary<string, int>());
        for (var t = 0; t < grid.TetrahedronCount; t++)
        {
            var corners = grid.Tetrahedra.AsSpan(4 * t, 4).ToArray();
            volume += TetrahedralGrid.Determinant(grid.Positions, corners) / 6;
            for (var k = 0; k < 4; k++)
            {
                var face = string.Join(',', corners.Where((_, i) => i != k).Order());
                faces[face] = faces.GetValueOrDefault(face) + 1;
            }
        }

        Assert.Equal((cells + 1) * (cells + 1) * (cells + 1), grid.VertexCount);
        Assert.Equal(6 * cells * cells * cells, grid.TetrahedronCount);
        Assert.Equal(1, volume, 1e-6);
        Assert.All(faces.Values, count => Assert.InRange(count, 1, 2));
        Assert.Equal(12 * cells * cells, faces.Values.Count(count => count == 1));      // two triangles per square outside
    }

    [Fact]
    public void Sphere_IsWatertightAndOutward()
    {
        using var scope = NewDisposeScope();
        var grid = KuhnGrid.Create(24, 0.5);
        var values = MarchingTetrahedraTests.Sphere(grid.Positions, 0.4);
        var topology = MarchingTopology.Of(grid, values);
        var vertices = MarchingTetrahedra.Vertices(topology, tensor(values), tensor(grid.Positions, [grid.VertexCount, 3]));

        var check = MeshInspection.Of(new TriangleMesh(vertices.cpu().data<float>().ToArray(), topology.Faces));
        Assert.True(check.Closed && check.Manifold && check.WindingConsistent);
        Assert.Equal(2, check.EulerCharacteristic);
        Assert.Equal(4.0 / 3 * Math.PI * 0.064, check.SignedVolume, 0.004);
    }
}
