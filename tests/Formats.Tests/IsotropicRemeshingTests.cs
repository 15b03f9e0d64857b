namespace Realiz3D.Mesh.Formats.Tests;

public sealed class IsotropicRemeshingTests
{
    [Theory]
    [InlineData(0.12, 0.03)]
    [InlineData(0.3, 0.087)]    // what a polygon of chords 0.3 loses of a circle of radius 0.4
    public void Torus_GetsEvenEdges_AndKeepsItsShape(double length, double loss)
    {
        var torus = TestSolids.Torus(1, 0.4, 40, 8); // faces of very unequal sides
        var expected = MeshInspection.Of(torus);

        var result = IsotropicRemeshing.Remesh(torus, length);

        var check = MeshInspection.Of(result, weld: false);
        Assert.Equal((1, true, true, true), (check.Genus, check.Closed, check.Manifold, check.WindingConsistent));
        var (mean, share) = Edges(result, length);
        Assert.Equal(length, mean, 0.12 * length);
        Assert.True(share > 0.95, $"{share:P1} of the edges are within half and one and a half of the length.");
        Assert.Equal(expected.Area, check.Area, loss * expected.Area);
        Assert.Equal(expected.SignedVolume, check.SignedVolume, loss * expected.SignedVolume);
        for (var v = 0; v < result.VertexCount; v++)
        {
            var place = result.Position(v);
            var ring = Math.Sqrt((place.X * place.X) + (place.Z * place.Z)) - 1;
            Assert.InRange(Math.Sqrt((ring * ring) + (place.Y * place.Y)), 0.36, 0.401); // on the eight-sided tube
        }
    }

    [Fact]
    public void Cube_KeepsItsEdgesSharp()
    {
        var check = MeshInspection.Of(IsotropicRemeshing.Remesh(TestSolids.Cube(), 0.2), weld: false);

        Assert.True(check is { Closed: true, Manifold: true, Genus: 0 } && check.FaceCount > 200);
        Assert.Equal(1, check.SignedVolume, 1e-6);
        Assert.Equal(6, check.Area, 1e-6);
    }

    [Fact]
    public void OpenSheet_KeepsItsBorder()
    {
        var check = MeshInspection.Of(IsotropicRemeshing.Remesh(TestSolids.Grid(3, 30, false, false, (s, t) => (s, t, 0)), 0.1));

        Assert.Equal((1, 1, true), (check.EulerCharacteristic, check.BoundaryLoopCount, check.Manifold));
        Assert.Equal(1, check.Area, 1e-6);
    }

    [Fact]
    public void TooManyFaces_AreRefusedBeforehand() =>
        Assert.Contains("at most 1000", Assert.Throws<ArgumentException>(() => IsotropicRemeshing.Remesh(TestSolids.Cube(), 0.01, maxFaces: 1000)).Message, StringComparison.Ordinal);

    [Fact]
    public void LongFacesOfLittleArea_AreRefusedBeforeTheyFillTheMemory()
    {
        // A needle of 1e4 by 1e-5 covers a tenth of a square metre, but is ten million wanted edges long.
        var needle = new TriangleMesh([0, 0, 0, 1e4f, 0, 0, 1e4f, 1e-5f, 0], [0, 1, 2]);

        var problem = Assert.Throws<ArgumentException>(() => IsotropicRemeshing.Remesh(needle, 1e-3, maxFaces: 300_000));

        Assert.Contains("more than 600000 faces", problem.Message, StringComparison.Ordinal);
        Assert.Contains("ask for longer ones", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NearestOnATriangle_MatchesADenseSearch()
    {
        var random = new Random(6);
        Vector3d Draw() => new(random.NextDouble(), random.NextDouble(), random.NextDouble());
        for (var i = 0; i < 60; i++)
        {
            var (a, b, c, p) = (Draw(), Draw(), Draw(), (Draw() * 3) - new Vector3d(1, 1, 1));
            var least = double.PositiveInfinity;
            for (var u = 0; u <= 100; u++)
            {
                for (var v = 0; v <= 100 - u; v++)
                {
                    least = Math.Min(least, (a + ((b - a) * (u / 100.0)) + ((c - a) * (v / 100.0)) - p).Length);
                }
            }

            var found = (NearestSurface.OnTriangle(p, a, b, c) - p).Length;
            Assert.InRange(found, least - 0.02, least + 1e-12);
        }
    }

    private static (double Mean, double Share) Edges(TriangleMesh mesh, double length)
    {
        double[] lengths = [.. Enumerable.Range(0, mesh.Indices.Length)
            .Select(i => (double)(mesh.Position(mesh.Indices[i]) - mesh.Position(mesh.Indices[i - (i % 3) + ((i + 1) % 3)])).Length())];
        return (lengths.Average(), lengths.Count(l => l > 0.5 * length && l < 1.5 * length) / (double)lengths.Length);
    }
}
