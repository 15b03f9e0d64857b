using System.Numerics;

namespace Realiz3D.Mesh.Formats.Tests;

public sealed class SurfaceRaysTests
{
    [Fact]
    public void Nearest_AgreesWithAllTrianglesOneByOne()
    {
        var random = new Random(4);
        float Coordinate() => (float)((2 * random.NextDouble()) - 1);
        var mesh = new TriangleMesh([.. Enumerable.Range(0, 900).Select(_ => Coordinate())], [.. Enumerable.Range(0, 300)]);
        var rays = new SurfaceRays(mesh);

        var met = 0;
        for (var k = 0; k < 500; k++)
        {
            var (origin, direction) = (new Vector3(Coordinate(), Coordinate(), Coordinate()), new Vector3(Coordinate(), Coordinate(), k % 5 == 0 ? 0 : Coordinate()));
            var hit = rays.Nearest(origin, direction);

            var (expected, distance) = BruteForce(mesh, origin, direction);
            Assert.Equal(expected, hit?.Face ?? -1);
            Assert.Equal(expected >= 0, rays.IsBlocked(origin, direction));
            if (hit is { } place)
            {
                met++;
                Assert.Equal(distance, place.Distance, 1e-4);
                var corner = Enumerable.Range(0, 3).Select(i => mesh.Position(mesh.Indices[(3 * place.Face) + i])).ToArray();
                var there = ((float)place.U * corner[0]) + ((float)place.V * corner[1]) + ((float)(1 - place.U - place.V) * corner[2]);
                Assert.True((there - (origin + (direction * (float)place.Distance))).Length() < 1e-4);
            }
        }

        Assert.InRange(met, 200, 499);
    }

    [Fact]
    public void Nearest_OfNothing_IsNothing() => Assert.Null(new SurfaceRays(new TriangleMesh([], [])).Nearest(Vector3.Zero, Vector3.UnitX));

    [Fact]
    public void Nearest_AlongAnAxis_InThePlaneOfABox_IsFound()
    {
        // The origin lies in the planes of the triangle's box, the direction in two of them.
        var rays = new SurfaceRays(new TriangleMesh([0, 0, 1, 1, 0, 1, 0, 1, 1], [0, 1, 2]));

        Assert.Equal(1, rays.Nearest(new Vector3(0, 0, 0), Vector3.UnitZ)!.Value.Distance, 1e-12);
        Assert.Null(rays.Nearest(new Vector3(0, 0, 2), Vector3.UnitZ));
        Assert.Equal(1, rays.Nearest(new Vector3(0.25f, 0.25f, 2), -Vector3.UnitZ)!.Value.Distance, 1e-12);
    }

    // The plane of each triangle, then the signs of three areas.
    private static (int Face, double Distance) BruteForce(TriangleMesh mesh, Vector3 origin, Vector3 direction)
    {
        var (best, nearest) = (-1, double.PositiveInfinity);
        for (var face = 0; face < mesh.FaceCount; face++)
        {
            var (a, b, c) = (mesh.Position(mesh.Indices[3 * face]), mesh.Position(mesh.Indices[(3 * face) + 1]), mesh.Position(mesh.Indices[(3 * face) + 2]));
            var normal = Vector3.Cross(b - a, c - a);
            var distance = (double)Vector3.Dot(a - origin, normal) / Vector3.Dot(direction, normal);
            var place = origin + (direction * (float)distance);
            var inside = new[] { (a, b), (b, c), (c, a) }.All(edge => Vector3.Dot(Vector3.Cross(edge.Item2 - edge.Item1, place - edge.Item1), normal) >= 0);
            if (inside && distance > 0 && distance < nearest)
            {
                (best, nearest) = (face, distance);
            }
        }

        return (best, nearest);
    }
}
