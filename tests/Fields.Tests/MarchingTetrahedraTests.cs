using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class MarchingTetrahedraTests
{
    [Theory]
    [InlineData("mt_16_sign_patterns")]
    [InlineData("mt_random_a")]
    [InlineData("mt_random_b")]
    [InlineData("mt_two_spheres_neg_inside")]
    public void Surface_AndItsGradients_MatchTheReference(string name)
    {
        using var scope = NewDisposeScope();
        using var file = Goldens.Tensors("geometry", name);
        var values = file.ReadFloats("in/sdf");
        var corners = file.ReadFloats("in/vertices");
        var grid = new TetrahedralGrid(corners, [.. file.ReadLongs("in/tets").Select(index => (int)index)]);
        var field = tensor(values, dtype: ScalarType.Float64, requires_grad: true);
        var positions = tensor(corners, [values.Length, 3], dtype: ScalarType.Float64, requires_grad: true);

        var topology = MarchingTopology.Of(grid, values);
        var vertices = MarchingTetrahedra.Vertices(topology, field, positions);

        var actual = vertices.detach().cpu().data<double>().ToArray();
        var expected = file.ReadFloats("out/vertices");
        Assert.Equal(expected.Length, actual.Length);
        var match = Match(actual, expected);
        var faces = file.ReadLongs("out/faces");
        var sources = file.ReadLongs("out/tet_idx");
        Assert.Equal(
            Enumerable.Range(0, faces.Length / 3).Select(f => (sources[f], Turned(faces[3 * f], faces[3 * f + 1], faces[3 * f + 2]))).Order(),
            Enumerable.Range(0, topology.FaceCount).Select(f => ((long)topology.Sources[f], Turned(
                match[topology.Faces[3 * f]], match[topology.Faces[3 * f + 1]], match[topology.Faces[3 * f + 2]]))).Order());

        var linear = file.ReadFloats("in/lin_vertices");
        var weights = match.SelectMany(at => linear[(3 * at)..(3 * at + 3)]).ToArray();
        (vertices * tensor(weights, [match.Length, 3], dtype: ScalarType.Float64)).sum().backward();
        AssertClose(file.ReadFloats("out/grad_sdf"), field.grad!);
        AssertClose(file.ReadFloats("out/grad_vertices"), positions.grad!);
    }

    [Fact]
    public void Sphere_IsWatertightOutwardAndOfTheRightSize()
    {
        using var scope = NewDisposeScope();
        const double radius = 0.4;
        var (grid, _) = BccGrid.Create(64, 0.5, positions => Near(positions, radius));
        var values = Sphere(grid.Positions, radius);

        var topology = MarchingTopology.Of(grid, values);
        var vertices = MarchingTetrahedra.Vertices(topology, tensor(values), tensor(grid.Positions, [grid.VertexCount, 3]));

        var check = MeshInspection.Of(new TriangleMesh(vertices.cpu().data<float>().ToArray(), topology.Faces));
        Assert.True(check.Closed && check.Manifold && check.WindingConsistent);
        Assert.Equal(2, check.EulerCharacteristic);
        Assert.Equal(4 * Math.PI * radius * radius, check.Area, 0.01 * 4 * Math.PI * radius * radius);
        Assert.Equal(4.0 / 3 * Math.PI * radius * radius * radius, check.SignedVolume, 0.005);    // positive: outward
    }

    [Fact]
    public void Of_CountsZeroAsInside()
    {
        float[] corners = [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1];
        var grid = new TetrahedralGrid(corners, [0, 1, 2, 3]);

        Assert.Equal(0, MarchingTopology.Of(grid, [0, -1, -1, -1]).FaceCount);
        Assert.Equal(1, MarchingTopology.Of(grid, [0, 1, 1, 1]).FaceCount);
    }

    [Theory]
    [InlineData(new[] { 0, 1, 2, 3 }, 1)]
    [InlineData(new[] { 0, 2, 1, 3 }, -1)]
    public void Faces_LookTowardsPositiveValues_AndTheOtherWayInATetrahedronThatIsInsideOut(int[] tetrahedron, int side)
    {
        using var scope = NewDisposeScope();
        float[] corners = [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1];
        float[] values = [-1, -1, -1, 1];       // positive at (0, 0, 1)
        var topology = MarchingTopology.Of(new TetrahedralGrid(corners, tetrahedron, oriented: false), values);
        var places = MarchingTetrahedra.Vertices(topology, tensor(values), tensor(corners, [4, 3])).cpu().data<float>().ToArray();

        float At(int corner, int axis) => places[(3 * topology.Faces[corner]) + axis];
        var up = ((At(1, 0) - At(0, 0)) * (At(2, 1) - At(0, 1))) - ((At(1, 1) - At(0, 1)) * (At(2, 0) - At(0, 0)));
        Assert.Equal((3, side), (topology.Faces.Length, Math.Sign(up)));
    }

    [Fact]
    public void Of_RefusesAFieldOfAnotherLength()
    {
        Assert.Contains("Expected 9 values", Assert.Throws<ArgumentException>(
            () => MarchingTopology.Of(BccGrid.Create(1, 0.5), new float[8])).Message);
    }

    internal static float[] Sphere(float[] positions, double radius) =>
        [.. Enumerable.Range(0, positions.Length / 3).Select(i => (float)(Norm(positions, i) - radius))];

    private static bool[] Near(float[] positions, double radius) =>
        [.. Enumerable.Range(0, positions.Length / 3).Select(i => Math.Abs(Norm(positions, i) - radius) < 0.05)];

    private static double Norm(float[] p, int i) =>
        Math.Sqrt((double)p[3 * i] * p[3 * i] + (double)p[3 * i + 1] * p[3 * i + 1] + (double)p[3 * i + 2] * p[3 * i + 2]);

    // For each of our vertices the reference's vertex at the same place; equal places are told apart by use, one each.
    private static int[] Match(double[] actual, float[] expected)
    {
        var free = Enumerable.Range(0, expected.Length / 3).ToHashSet();
        var match = new int[actual.Length / 3];
        for (var i = 0; i < match.Length; i++)
        {
            double Distance(int j) => Enumerable.Range(0, 3).Max(k => Math.Abs(actual[3 * i + k] - expected[3 * j + k]));
            match[i] = free.MinBy(Distance);
            Assert.True(Distance(match[i]) < 1e-5, $"No reference vertex at ours, number {i}.");
            free.Remove(match[i]);
        }

        return match;
    }

    private static (long, long, long) Turned(long a, long b, long c) =>
        a < b && a < c ? (a, b, c) : b < c ? (b, c, a) : (c, a, b);

    private static void AssertClose(float[] expected, Tensor actual)
    {
        var numbers = actual.cpu().data<double>().ToArray();
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], numbers[i], 1e-4 + 1e-3 * Math.Abs(expected[i]));
        }
    }
}
