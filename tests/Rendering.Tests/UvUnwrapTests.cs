using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering.Tests;

public sealed class UvUnwrapTests
{
    public static TheoryData<string> Shapes => ["sphere", "torus", "spring"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Unwrap_NothingLiesOnAnythingElse(string shape)
    {
        var unwrapped = UvUnwrap.Unwrap(Shape(shape), new UnwrapConfig(256, 4));

        var places = FragmentBuffer.TexturePlaces(unwrapped.Mesh, 256);
        var covered = new int[256 * 256];
        for (var f = 0; f < unwrapped.Mesh.FaceCount; f++)
        {
            var count = new Counter(covered);
            var corners = unwrapped.Mesh.Indices.AsSpan(3 * f, 3);
            TriangleScan.Visit(places[corners[0]], places[corners[1]], places[corners[2]], 256, ref count);
        }

        Assert.Equal(1, covered.Max());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Unwrap_KeepsTheSurfaceAndUsesTheTexture(string shape)
    {
        var mesh = Shape(shape);
        var unwrapped = UvUnwrap.Unwrap(mesh, new UnwrapConfig(256, 4));

        Assert.Equal(mesh.Indices, Array.ConvertAll(unwrapped.Mesh.Indices, i => unwrapped.SourceVertices[i]));
        Assert.Equal(Array.ConvertAll(mesh.Indices, mesh.Position), Array.ConvertAll(unwrapped.Mesh.Indices, unwrapped.Mesh.Position));
        Assert.All(unwrapped.Mesh.Uvs!, coordinate => Assert.InRange(coordinate, 4f / 256, 1 - (4f / 256)));
        var used = FragmentBuffer.OfTexture(unwrapped.Mesh, 256).Face.Count(face => face >= 0);
        Assert.True(used > 0.3 * 256 * 256, $"Only {used} texels are used.");
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Unwrap_ChartsKeepTheirDistance(string shape)
    {
        var unwrapped = UvUnwrap.Unwrap(Shape(shape), new UnwrapConfig(256, 4));
        var faces = FragmentBuffer.OfTexture(unwrapped.Mesh, 256).Face;
        int? ChartAt(int x, int y) => x < 256 && y < 256 && faces[(y * 256) + x] >= 0 ? unwrapped.FaceCharts[faces[(y * 256) + x]] : null;

        for (var i = 0; i < faces.Length; i++)
        {
            for (var step = 1; step <= 4; step++)
            {
                var (here, right, below) = (ChartAt(i % 256, i / 256), ChartAt((i % 256) + step, i / 256), ChartAt(i % 256, (i / 256) + step));
                Assert.True(here is null || ((right ?? here) == here && (below ?? here) == here), $"Texel {i % 256}, {i / 256}.");
            }
        }
    }

    [Fact]
    public void Unwrap_TexelsAreSpreadEvenly()
    {
        var mesh = TestMeshes.Sphere(0.5, 5);
        var unwrapped = UvUnwrap.Unwrap(mesh, new UnwrapConfig(512, 4));

        Assert.InRange(unwrapped.ChartCount, 4, 16);
        var shares = Enumerable.Range(0, mesh.FaceCount).Select(f => FlatArea(unwrapped.Mesh, f) / Area(mesh, f)).Order().ToArray();
        Assert.True(shares[0] > 0.2 * shares[^1], $"{shares[0]} to {shares[^1]}");
        Assert.All(shares, share => Assert.True(share > 0, "A face is turned over."));
    }

    [Theory]
    [InlineData(1e-30)]
    [InlineData(1e-12)]
    [InlineData(1e15)]
    [InlineData(1e30)]
    public void Unwrap_TinyAndHugeMeshes_AreLaidFlatAsThoseOfOneMetre(double scale)
    {
        var (mesh, power) = (TestMeshes.Sphere(0.4, 4), Math.ILogB(scale));
        var scaled = mesh with { Positions = Array.ConvertAll(mesh.Positions, x => MathF.ScaleB(x, power)) };

        var (wanted, found) = (UvUnwrap.Unwrap(mesh, new UnwrapConfig(256, 4)), UvUnwrap.Unwrap(scaled, new UnwrapConfig(256, 4)));

        Assert.Equal(wanted.Mesh.Uvs, found.Mesh.Uvs);
        Assert.Equal(wanted.FaceCharts, found.FaceCharts);
    }

    [Fact]
    public void Unwrap_TenThousandSliversRoundOneVertex_AreOneChart()
    {
        const int Count = 10_000;
        var rim = Enumerable.Range(0, Count).SelectMany(i => new[] { MathF.Cos(2 * MathF.PI * i / Count), MathF.Sin(2 * MathF.PI * i / Count), 0 });
        var fan = new TriangleMesh([0, 0, 0.3f, .. rim], [.. Enumerable.Range(0, Count).SelectMany(i => new[] { 0, i + 1, ((i + 1) % Count) + 1 })]);

        Assert.Equal(1, UvUnwrap.Unwrap(fan, new UnwrapConfig()).ChartCount);
    }

    [Fact]
    public void Unwrap_BeyondItsLimits_SaysSo()
    {
        var mesh = TestMeshes.Sphere(0.5, 3);

        Assert.Contains("512 triangles; 1 to 500", Assert.Throws<UnwrapException>(
            () => UvUnwrap.Unwrap(mesh, new UnwrapConfig(MaxFaces: 500))).Message, StringComparison.Ordinal);
        Assert.Contains("longer than 0 s", Assert.Throws<UnwrapException>(
            () => UvUnwrap.Unwrap(mesh, new UnwrapConfig(MaxTime: TimeSpan.Zero))).Message, StringComparison.Ordinal);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => UvUnwrap.Unwrap(mesh, new UnwrapConfig(), cancelled.Token));
        Assert.Throws<UnwrapException>(() => UvUnwrap.Unwrap(mesh, new UnwrapConfig(16, 8)));
    }

    private static TriangleMesh Shape(string shape) => shape switch
    {
        "sphere" => TestMeshes.Sphere(0.5, 4),
        "torus" => TestMeshes.Torus(0.35, 0.14, 48, 20),
        _ => TestMeshes.Spring(3, 40),
    };

    private static double Area(TriangleMesh mesh, int face)
    {
        var (a, b, c) = (mesh.Position(mesh.Indices[3 * face]), mesh.Position(mesh.Indices[(3 * face) + 1]), mesh.Position(mesh.Indices[(3 * face) + 2]));
        return System.Numerics.Vector3.Cross(b - a, c - a).Length() / 2;
    }

    // Positive when the face is not mirrored: counter-clockwise seen with v upwards.
    private static double FlatArea(TriangleMesh mesh, int face)
    {
        double At(int corner, int axis) => mesh.Uvs![(2 * mesh.Indices[(3 * face) + corner]) + axis];
        return -(((At(1, 0) - At(0, 0)) * (At(2, 1) - At(0, 1))) - ((At(1, 1) - At(0, 1)) * (At(2, 0) - At(0, 0)))) / 2;
    }

    private readonly struct Counter(int[] covered) : IFragmentVisitor
    {
        public void Visit(int pixel, double u, double v, double depth) => covered[pixel]++;
    }
}
