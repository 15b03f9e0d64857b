namespace Realiz3D.Mesh.Formats.Tests;

public sealed class MeshDecimationTests
{
    [Theory]
    [InlineData(800)]
    [InlineData(200)]
    public void Sphere_KeepsTopologyVolumeAndPlace(int faces)
    {
        var sphere = TestSolids.Sphere(4); // 2048 faces

        var small = MeshDecimation.Decimate(sphere, faces);

        var check = MeshInspection.Of(small, weld: false);
        Assert.Equal((faces, 2, true, true, true), (check.FaceCount, check.EulerCharacteristic, check.Closed, check.Manifold, check.WindingConsistent));
        // A regular inscribed mesh of 320 faces (an icosahedron halved twice) loses 3.4 % of the ball.
        Assert.Equal(MeshInspection.Of(sphere).SignedVolume, check.SignedVolume, 0.03 * check.SignedVolume);
        for (var vertex = 0; vertex < small.VertexCount; vertex++)
        {
            Assert.InRange(small.Position(vertex).Length(), 0.97, 1.03);
        }
    }

    [Fact]
    public void Torus_StaysATorus()
    {
        var torus = TestSolids.Torus(1, 0.4, 60, 30);

        var check = MeshInspection.Of(MeshDecimation.Decimate(torus, 300), weld: false);

        Assert.Equal((300, 0, 1, true), (check.FaceCount, check.EulerCharacteristic, check.Genus, check.Manifold));
        Assert.Equal(MeshInspection.Of(torus).SignedVolume, check.SignedVolume, 0.03 * check.SignedVolume);
    }

    [Fact]
    public void FlatParts_GoFirst_AndEdgesStaySharp()
    {
        // A cube of 6 x 16 x 16 quads needs no more than its twelve faces.
        var sides = Enumerable.Range(0, 6).Select(side => TestSolids.Grid(16, 16, false, false, (s, t) =>
        {
            var (a, b, c) = ((2 * s) - 1, (2 * t) - 1, side % 2 == 0 ? 1.0 : -1.0);
            (a, b) = side % 2 == 0 ? (a, b) : (b, a);
            return (side / 2) switch { 0 => (a, b, c), 1 => (c, a, b), _ => (b, c, a) };
        }));
        var cube = TestSolids.Join([.. sides]);

        var small = MeshDecimation.Decimate(cube, 12);

        var check = MeshInspection.Of(small);
        Assert.Equal((12, 8, true), (check.FaceCount, check.VertexCount, check.Closed));
        Assert.Equal(8, check.SignedVolume, 1e-6);
        Assert.Equal(24, check.Area, 1e-6);
    }

    [Fact]
    public void OpenSquare_KeepsItsBorder()
    {
        var square = TestSolids.Grid(20, 20, false, false, (s, t) => (s, t, 0));

        var small = MeshDecimation.Decimate(square, 2);

        var check = MeshInspection.Of(small);
        Assert.Equal((2, 4), (check.FaceCount, check.BoundaryEdgeCount));
        Assert.Equal(1, check.Area, 1e-9);
    }

    [Fact]
    public void Seams_KeepTheirCourse_AndTextureCoordinatesTheirPlace()
    {
        // A cylinder unrolled: u runs once round, so that the column at u = 0 is there again at u = 1.
        var tube = TestSolids.Grid(48, 24, false, false, (s, t) => (Math.Sin(2 * Math.PI * s), t * 3, Math.Cos(2 * Math.PI * s)));
        var (positions, uvs) = (tube.Positions, new float[2 * tube.VertexCount]);
        for (var vertex = 0; vertex < tube.VertexCount; vertex++)
        {
            (uvs[2 * vertex], uvs[(2 * vertex) + 1]) = (vertex % 49 / 48f, vertex / 49 / 24f);
            if (vertex % 49 == 48) // closed exactly
            {
                positions.AsSpan(3 * (vertex - 48), 3).CopyTo(positions.AsSpan(3 * vertex));
            }
        }

        var small = MeshDecimation.Decimate(tube with { Uvs = uvs }, 200);

        Assert.InRange(small.FaceCount, 100, 200);
        var check = MeshInspection.Of(small);
        Assert.Equal((0, 2, true), (check.EulerCharacteristic, check.BoundaryLoopCount, check.WindingConsistent));
        var originals = Enumerable.Range(0, tube.VertexCount).Select(v => (tube.Position(v), uvs[2 * v], uvs[(2 * v) + 1])).ToHashSet();
        for (var vertex = 0; vertex < small.VertexCount; vertex++)
        {
            Assert.Contains((small.Position(vertex), small.Uvs![2 * vertex], small.Uvs[(2 * vertex) + 1]), originals);
        }

        // In the texture the whole unit square is still covered once: no face crosses the seam, none turned over.
        var area = 0.0;
        for (var f = 0; f < small.Indices.Length; f += 3)
        {
            var (a, b, c) = (2 * small.Indices[f], 2 * small.Indices[f + 1], 2 * small.Indices[f + 2]);
            var doubled = ((small.Uvs![b] - small.Uvs[a]) * (small.Uvs[c + 1] - small.Uvs[a + 1])) - ((small.Uvs[c] - small.Uvs[a]) * (small.Uvs[b + 1] - small.Uvs[a + 1]));
            Assert.True(doubled > 0);
            area += doubled / 2;
        }

        Assert.Equal(1, area, 1e-5);
    }

    [Fact]
    public void WhereNothingMayCollapse_MoreFacesAreLeft()
    {
        var tetrahedron = new TriangleMesh([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3]);

        Assert.Equal(4, MeshDecimation.Decimate(tetrahedron, 1).FaceCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => MeshDecimation.Decimate(tetrahedron, 0));
    }
}
