namespace Realiz3D.Mesh.Fields.Tests;

public sealed class BccGridTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Create_FillsTheCubeExactly(int cells)
    {
        var grid = BccGrid.Create(cells, 0.5);
        var volume = 0.0;
        for (var t = 0; t < grid.TetrahedronCount; t++)
        {
            volume += TetrahedralGrid.Determinant(grid.Positions, grid.Tetrahedra.AsSpan(4 * t, 4)) / 6;
        }

        Assert.Equal(cells * cells * cells + (cells + 1) * (cells + 1) * (cells + 1), grid.VertexCount);
        Assert.Equal(12 * cells * cells * cells, grid.TetrahedronCount);
        Assert.Equal(1, volume, 1e-6);
    }

    [Fact]
    public void Create_IsConforming()
    {
        var grid = BccGrid.Create(3, 0.5);
        var faces = new Dictionary<string, int>();
        for (var t = 0; t < grid.TetrahedronCount; t++)
        {
            var corners = grid.Tetrahedra.AsSpan(4 * t, 4).ToArray();
            for (var k = 0; k < 4; k++)
            {
                var face = string.Join(',', corners.Where((_, i) => i != k).Order());
                faces[face] = faces.GetValueOrDefault(face) + 1;
            }
        }

        // Every face is shared by two tetrahedra, but for the 2 x 9 triangles on each of the cube's six sides.
        Assert.All(faces.Values, count => Assert.InRange(count, 1, 2));
        Assert.Equal(6 * 18, faces.Values.Count(count => count == 1));
    }

    [Fact]
    public void Edges_AreUniqueAndThoseOfTheTetrahedra()
    {
        var grid = BccGrid.Create(3, 0.5);
        (int, int)[] local = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)];
        var seen = new HashSet<(int, int)>();
        for (var e = 0; e < grid.EdgeCount; e++)
        {
            Assert.True(grid.Edges[2 * e] < grid.Edges[2 * e + 1]);
            Assert.True(seen.Add((grid.Edges[2 * e], grid.Edges[2 * e + 1])));
        }

        for (var t = 0; t < grid.TetrahedronCount; t++)
        {
            for (var k = 0; k < 6; k++)
            {
                var (a, b) = (grid.Tetrahedra[4 * t + local[k].Item1], grid.Tetrahedra[4 * t + local[k].Item2]);
                var edge = grid.TetrahedronEdges[6 * t + k];
                Assert.Equal((Math.Min(a, b), Math.Max(a, b)), (grid.Edges[2 * edge], grid.Edges[2 * edge + 1]));
            }
        }

        // Euler's relation of a ball: P - E + triangles - T = 1.
        var triangles = (4 * grid.TetrahedronCount + 6 * 18) / 2;
        Assert.Equal(1, grid.VertexCount - grid.EdgeCount + triangles - grid.TetrahedronCount);
    }

    [Fact]
    public void Restrict_KeepsTheTetrahedraThatTouchAMark()
    {
        var whole = BccGrid.Create(4, 0.5);
        var (part, old) = BccGrid.Create(4, 0.5, positions =>
            [.. Enumerable.Range(0, positions.Length / 3).Select(i => positions[3 * i] < -0.3)]);

        var marked = 0;
        for (var t = 0; t < whole.TetrahedronCount; t++)
        {
            marked += Enumerable.Range(0, 4).Any(k => whole.Positions[3 * whole.Tetrahedra[4 * t + k]] < -0.3) ? 1 : 0;
        }

        Assert.Equal(marked, part.TetrahedronCount);
        for (var i = 0; i < part.VertexCount; i++)
        {
            Assert.Equal(whole.Positions.AsSpan(3 * old[i], 3).ToArray(), part.Positions.AsSpan(3 * i, 3).ToArray());
        }
    }

    [Fact]
    public void Constructor_RefusesATetrahedronThatIsInsideOut()
    {
        float[] corners = [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1];

        Assert.Equal(6, new TetrahedralGrid(corners, [0, 1, 2, 3]).EdgeCount);
        Assert.Contains("inside out", Assert.Throws<ArgumentException>(() => new TetrahedralGrid(corners, [0, 2, 1, 3])).Message);
        Assert.Contains("vertex 4", Assert.Throws<ArgumentException>(() => new TetrahedralGrid(corners, [0, 1, 2, 4])).Message);
    }
}
