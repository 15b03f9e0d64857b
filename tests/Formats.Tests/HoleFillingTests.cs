namespace Realiz3D.Mesh.Formats.Tests;

public sealed class HoleFillingTests
{
    [Fact]
    public void RimWithCornersOnALine_GetsNoFaceWithoutArea()
    {
        // A box of quads without its lid: the rim has 24 corners, seven on each side's line.
        var box = Box(6, 1, 1, 1, lid: false);

        var result = MeshRepair.Repair(box);

        Assert.Equal(1, result.FilledHoles);
        Closed(result.Mesh, volume: 1, leastShape: 0.02);
    }

    [Theory]
    [InlineData(1e-2)]
    [InlineData(1e-4)]
    public void NarrowHole_IsFilledAcross(double width)
    {
        // A long narrow box without its lid: of its rim nearly all corners lie on two lines.
        var result = MeshRepair.Repair(Box(12, 1, 1, width, lid: false));

        Assert.Equal(1, result.FilledHoles);
        Closed(result.Mesh, width, leastShape: 0.5 * width);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(1, 5)]
    [InlineData(2, 3)]
    [InlineData(4, 6)]
    public void SeamsOfUnequalCorners_CloseWithoutFacesOnThem(int above, int below)
    {
        // Two halves of a box whose quads have other numbers along the common rim: corners lie on the sides of faces across, with no gap to see.
        var upper = Box(above, 1, 1, 1, lid: true);
        var lower = Box(below, 1, -1, 1, lid: true);
        var mesh = TestSolids.Join(upper, lower with { Indices = [.. lower.Indices.Reverse()] });
        Assert.Equal(above == below, MeshInspection.Of(mesh).Closed);

        var result = MeshRepair.Repair(mesh);

        Closed(result.Mesh, volume: 2, leastShape: 1e-3);
    }

    [Fact]
    public void FacesPressedFlat_AreMendedWhereTheyWere()
    {
        // On the sides of a cube corners of the grid move onto the middle of a line between others.
        var random = new Random(5);
        for (var round = 0; round < 20; round++)
        {
            var box = Box(8, 1, 1, 1, lid: true);
            var cube = TestSolids.Join(box, Floor(8));
            var positions = (float[])cube.Positions.Clone();
            for (var k = 0; k < 12; k++)
            {
                Press(cube, positions, random.Next(cube.VertexCount), random);
            }

            var result = MeshRepair.Repair(cube with { Positions = positions });

            Closed(result.Mesh, volume: 1, leastShape: 1e-9);
        }
    }

    [Fact]
    public void BentRim_GetsTheLeastAreaOfAllTriangulations()
    {
        var random = new Random(3);
        for (var round = 0; round < 20; round++)
        {
            const int Corners = 8;
            var rim = Enumerable.Range(0, Corners).Select(i => new Vector3d(
                Math.Sin(2 * Math.PI * i / Corners), random.NextDouble(), Math.Cos(2 * Math.PI * i / Corners))).ToArray();
            List<float> positions = [0, -3, 0];
            rim.ToList().ForEach(place => positions.AddRange([(float)place.X, (float)place.Y, (float)place.Z]));
            var cone = new TriangleMesh([.. positions], [.. Enumerable.Range(0, Corners).SelectMany(i => new[] { 0, 1 + ((i + 1) % Corners), 1 + i })]);

            var closed = MeshInspection.Of(MeshRepair.Repair(cone).Mesh);

            Assert.True(closed is { Closed: true, Manifold: true, WindingConsistent: true, DegenerateFaceCount: 0 });
            // What roundness costs is at most 1e-4 of 4 for each of six faces.
            var least = LeastArea(rim, 0, Corners - 1);
            Assert.InRange(closed.Area - MeshInspection.Of(cone).Area, least - 1e-6, least + (6 * 4e-4));
        }
    }

    // All triangulations of the rim between two of its corners, one by one.
    private static double LeastArea(Vector3d[] rim, int from, int to)
    {
        var least = to - from < 2 ? 0 : double.PositiveInfinity;
        for (var k = from + 1; k < to; k++)
        {
            var area = Vector3d.Cross(rim[k] - rim[from], rim[to] - rim[from]).Length / 2;
            least = Math.Min(least, area + LeastArea(rim, from, k) + LeastArea(rim, k, to));
        }

        return least;
    }

    // A vertex of the cube's sides goes to another corner's place or onto a line through one.
    private static void Press(TriangleMesh cube, float[] positions, int vertex, Random random)
    {
        var at = cube.Position(vertex);
        var inside = new[] { at.X, at.Y, at.Z }.Count(value => value is > 0 and < 1);
        if (inside < 2)
        {
            return; // on an edge of the cube
        }

        var axis = random.Next(3);
        var old = axis == 0 ? at.X : axis == 1 ? at.Y : at.Z;
        if (old is > 0 and < 1)
        {
            positions[(3 * vertex) + axis] += random.Next(2) == 0 ? 0.125f : 0.0625f;
        }
    }

    private static void Closed(TriangleMesh mesh, double volume, double leastShape)
    {
        var check = MeshInspection.Of(mesh);
        Assert.Equal((true, true, true, 0, 0), (check.Closed, check.Manifold, check.WindingConsistent, check.DegenerateFaceCount, check.DuplicateFaceCount));
        Assert.Equal(volume, check.SignedVolume, 1e-6 * volume);
        for (var face = 0; face < mesh.Indices.Length; face += 3)
        {
            var (a, b, c) = (mesh.Position(mesh.Indices[face]), mesh.Position(mesh.Indices[face + 1]), mesh.Position(mesh.Indices[face + 2]));
            var longest = Math.Max((a - b).LengthSquared(), Math.Max((b - c).LengthSquared(), (c - a).LengthSquared()));
            Assert.True(System.Numerics.Vector3.Cross(b - a, c - a).Length() >= leastShape * longest, $"{a} {b} {c}");
        }
    }

    // Quads on [0, 1] x [0, height] x [0, depth], without the side at y = 0, which is open.
    private static TriangleMesh Box(int quads, double width, double height, double depth, bool lid)
    {
        TriangleMesh Side(Func<double, double, (double X, double Y, double Z)> at) => TestSolids.Grid(quads, quads, false, false, (s, t) =>
        {
            var (x, y, z) = at(s, t);
            return (width * x, height * y, depth * z);
        });
        List<TriangleMesh> sides =
        [
            Side((s, t) => (0, t, 1 - s)), Side((s, t) => (1, t, s)), Side((s, t) => (1 - s, t, 1)), Side((s, t) => (s, t, 0)),
        ];
        sides.Add(lid ? Side((s, t) => (s, 1, 1 - t)) : Side((s, t) => (s, 0, t)));
        return TestSolids.Join([.. sides]);
    }

    private static TriangleMesh Floor(int quads) => TestSolids.Grid(quads, quads, false, false, (s, t) => (s, 0, t));
}
