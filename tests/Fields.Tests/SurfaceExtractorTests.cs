using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class SurfaceExtractorTests
{
    private const double Radius = 0.4;

    public static TheoryData<string> Kinds { get; } = ["tetrahedra", "cubes"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Sphere_IsClosedOutwardAndOfTheRightSize(string kind)
    {
        using var scope = NewDisposeScope();
        using var extractor = Create(kind, 20);
        var values = tensor(MarchingTetrahedraTests.Sphere(extractor.Positions, Radius));

        foreach (var training in new[] { true, false })
        {
            var surface = extractor.Extract(values, Places(extractor), training);

            var check = MeshInspection.Of(new TriangleMesh(surface.Vertices.cpu().data<float>().ToArray(), surface.Faces), weld: false);
            Assert.True(check.Closed && check.Manifold && check.WindingConsistent);
            Assert.Equal((2, surface.FaceCount), (check.EulerCharacteristic, check.FaceCount));
            Assert.Equal(4.0 / 3 * Math.PI * Math.Pow(Radius, 3), check.SignedVolume, 0.006);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void GridVerticesOnTheSurface_LeaveItClosedAndOutward(string kind)
    {
        // Of 9^3 places six lie exactly on the sphere, where the field is 0. Vertices are means of crossings, all within the ball.
        using var scope = NewDisposeScope();
        using var extractor = Create(kind, 8);
        var values = MarchingTetrahedraTests.Sphere(extractor.Positions, 0.25);
        Assert.Equal(6, values.Count(value => value == 0));

        foreach (var training in new[] { true, false })
        {
            var surface = extractor.Extract(tensor(values), Places(extractor), training);

            var check = MeshInspection.Of(new TriangleMesh(surface.Vertices.cpu().data<float>().ToArray(), surface.Faces), weld: false);
            Assert.True(check.Closed && check.WindingConsistent);
            Assert.InRange(check.SignedVolume, 2.0 / 3 * Math.PI / 64, 4.0 / 3 * Math.PI / 64);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Crossed_AreExactlyTheEdgesWhoseEndsDiffer(string kind)
    {
        using var scope = NewDisposeScope();
        using var extractor = Create(kind, 8);
        var values = MarchingTetrahedraTests.Sphere(extractor.Positions, Radius);
        static (int, int)[] Sorted(IEnumerable<int[]> edges) => [.. edges.Select(e => (e.Min(), e.Max())).Order()];

        var surface = extractor.Extract(tensor(values), Places(extractor), training: true);

        Assert.Equal(
            Sorted(extractor.Edges.Chunk(2).Where(e => values[e[0]] > 0 != values[e[1]] > 0)), Sorted(surface.Crossed.Chunk(2)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gradients_ReachTheField_AndEveryWeight(string kind)
    {
        using var scope = NewDisposeScope();
        using var extractor = Create(kind, 8);
        var values = tensor(MarchingTetrahedraTests.Sphere(extractor.Positions, Radius)).requires_grad_();

        var surface = extractor.Extract(values, Places(extractor), training: true);
        (surface.Vertices.square().sum() + (surface.Irregularity ?? zeros(1)).sum()).backward();

        var slopes = values.grad!.cpu().data<float>().ToArray();
        Assert.All(surface.Crossed, vertex => Assert.NotEqual(0, slopes[vertex]));
        Assert.All(extractor.Weights, weight => Assert.True(weight.grad!.abs().max().item<float>() > 0));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Edges_AreTheGridsOwn(string kind)
    {
        const int N = 5;
        using var extractor = Create(kind, N);

        // Cubes: three directions. BCC: those, every corner of a cell with its centre, centres of neighbours, and a diagonal on
        // each face of the outside.
        var axes = 3 * N * (N + 1) * (N + 1);
        Assert.Equal(kind == "cubes" ? axes : axes + (8 * N * N * N) + (3 * N * N * (N - 1)) + (6 * N * N), extractor.Edges.Length / 2);
        Assert.Equal(extractor.Edges.Length / 2, extractor.Edges.Chunk(2).Select(e => (e.Min(), e.Max())).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void NoInside_IsAnEmptySurface(string kind)
    {
        using var scope = NewDisposeScope();
        using var extractor = Create(kind, 3);

        var surface = extractor.Extract(ones(extractor.Positions.Length / 3), Places(extractor), training: true);

        Assert.Equal((0, 0, 0L), (surface.FaceCount, surface.Crossed.Length, surface.Vertices.shape[0]));
    }

    private static ISurfaceExtractor Create(string kind, int cells) => kind == "cubes"
        ? new CubeExtractor(CubeGrid.Create(cells, cells, cells, 0.5), TestDevice.Here)
        : new TetrahedralExtractor(BccGrid.Create(cells, 0.5));

    private static Tensor Places(ISurfaceExtractor extractor) => tensor(extractor.Positions).reshape(-1, 3);
}
