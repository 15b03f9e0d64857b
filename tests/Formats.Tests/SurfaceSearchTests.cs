using System.Numerics;

namespace Realiz3D.Mesh.Formats.Tests;

public sealed class SurfaceSearchTests
{
    private static readonly Random s_random = new(4);

    private static readonly TriangleMesh s_soup = new(
        [.. Enumerable.Range(0, 9 * 150).Select(i => (float)s_random.NextDouble() + (i / 9 % 3))], [.. Enumerable.Range(0, 450)]);

    [Fact]
    public void Nearest_MatchesBruteForce_OverTheFacesThatLookThere()
    {
        var search = new SurfaceSearch(s_soup);
        for (var i = 0; i < 200; i++)
        {
            var (place, facing) = (Draw() * 4, Draw() - new Vector3(0.5f));
            var expected = Enumerable.Range(0, s_soup.FaceCount)
                .Where(face => Vector3.Dot(Normal(face), facing) > 0)
                .Min(face => (NearestSurface.OnTriangle(Exact(place), Corner(face, 0), Corner(face, 1), Corner(face, 2)) - Exact(place)).Length);

            var found = search.Nearest(place, facing)!.Value;

            Assert.True(Vector3.Dot(Normal(found.Face), facing) > 0);
            Assert.Equal(expected, Vector3.Distance(found.Interpolate(s_soup, s_soup.Positions), place), 1e-5);
            Assert.Null(search.Nearest(place, facing, (float)expected * 0.99f));
        }
    }

    private static Vector3 Draw() => new(s_random.NextSingle(), s_random.NextSingle(), s_random.NextSingle());

    private static Vector3 Normal(int face) => Vector3.Cross(
        s_soup.Position((3 * face) + 1) - s_soup.Position(3 * face), s_soup.Position((3 * face) + 2) - s_soup.Position(3 * face));

    private static Vector3d Corner(int face, int corner) => Vector3d.At(s_soup.Positions, (3 * face) + corner);

    private static Vector3d Exact(Vector3 v) => new(v.X, v.Y, v.Z);
}
