namespace Realiz3D.Mesh.Formats.Tests;

/// <summary>Meshes with places that thousands of faces share: the tip of a cone, the poles of a sphere.</summary>
public sealed class HubTests
{
    // Profiles with the volume that they enclose when turned.
    private static readonly Dictionary<string, ((double Radius, double Y)[] Profile, double Volume)> s_solids = new()
    {
        ["cone"] = ([(0, 1), (1, 0), (0, 0)], Math.PI / 3),
        ["bipyramid"] = ([(0, 1), (1, 0), (0, -1)], 2 * Math.PI / 3),
        ["barrel"] = ([(0, 1), (1, 0.5), (1, -0.5), (0, -1)], Math.PI * 4 / 3),
    };

    [Theory]
    [InlineData("cone", false)]
    [InlineData("bipyramid", false)]
    [InlineData("barrel", false)]
    [InlineData("cone", true)]
    [InlineData("barrel", true)]
    public void Decimation_KeepsTheShape_AndItsWorkGrowsWithTheFaces(string solid, bool textured)
    {
        var (few, many) = (Mesh(solid, 500, textured), Mesh(solid, 2000, textured));
        MeshDecimation.Decimate(few, few.FaceCount / 10, out var little);

        var small = MeshDecimation.Decimate(many, many.FaceCount / 10, out var work);

        var check = MeshInspection.Of(small);
        Assert.Equal((many.FaceCount / 10, true, true, true, 0), (check.FaceCount, check.Closed, check.Manifold, check.WindingConsistent, check.Genus));
        Assert.Equal(0, check.DegenerateFaceCount);
        // A ring of 200 chords instead of 2000 loses 1.6e-4 of the volume; corners are not spread evenly.
        Assert.Equal(s_solids[solid].Volume, check.SignedVolume, 5e-4 * check.SignedVolume);
        Assert.InRange(work, 3 * little, 5 * little); // 16 times if each collapse walked round the place
    }

    [Fact]
    public void Decimation_BelowAHubsFaces_MakesItAnOrdinaryPlace()
    {
        // 1000 corners become a few; on the way both tips fall below the number of faces of a hub.
        var check = MeshInspection.Of(MeshDecimation.Decimate(Mesh("bipyramid", 1000, textured: false), 16));

        Assert.Equal((16, true, true, 0), (check.FaceCount, check.Closed, check.Manifold, check.Genus));
        Assert.Equal(8 * Math.Sin(Math.PI / 4) / 3, check.SignedVolume, 0.2); // of eight corners on the circle
    }

    [Fact]
    public void Remeshing_AtAHub_GivesEvenFaces()
    {
        var cone = Mesh("cone", 1000, textured: false);

        var check = MeshInspection.Of(IsotropicRemeshing.Remesh(cone, 0.2));

        Assert.Equal((true, true, 0), (check.Closed, check.Manifold, check.Genus));
        Assert.Equal(Math.PI / 3, check.SignedVolume, 0.02);
        // The crease round the base keeps its 1000 corners, with a face on either side of each edge; so many of 0.2 cover the rest, a few lie between.
        Assert.InRange(check.FaceCount, 2000, 2000 + (3 * (int)(Math.PI * (1 + Math.Sqrt(2)) / (Math.Sqrt(3) / 4 * 0.04))));
    }

    private static TriangleMesh Mesh(string solid, int corners, bool textured)
    {
        var mesh = TestSolids.Revolve(corners, s_solids[solid].Profile);
        // Seen from above, what lies deeper farther out: no face of the sides is seen on its edge.
        float[] uvs = [.. Enumerable.Range(0, mesh.VertexCount).Select(mesh.Position).SelectMany(at => new[] { at.X * (2 - at.Y), at.Z * (2 - at.Y) })];
        return textured ? mesh with { Uvs = uvs } : mesh;
    }
}
