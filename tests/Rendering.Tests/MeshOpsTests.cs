using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class MeshOpsTests
{
    private const double Step = 1e-3;

    [Fact]
    public void Area_OfACube_IsSixSquares_AndGrowsAsItsCornerMovesOut()
    {
        // Corner (1, 1, 1) of a unit cube: bit 0 of its number is x, bit 1 y, bit 2 z.
        var corners = Enumerable.Range(0, 8).SelectMany(i => new float[] { i & 1, (i >> 1) & 1, i >> 2 }).ToArray();
        int[] faces =
        [
            0, 2, 1, 1, 2, 3, 4, 5, 6, 5, 7, 6,
            0, 1, 4, 1, 5, 4, 2, 6, 3, 3, 6, 7,
            0, 4, 2, 2, 4, 6, 1, 3, 5, 3, 7, 5,
        ];
        using var scope = NewDisposeScope();
        var positions = tensor(corners, [8, 3]).requires_grad_();

        var area = MeshOps.Area(positions, tensor(faces, [12, 3]).to_type(ScalarType.Int64));
        area.backward();

        Assert.Equal(6, area.item<float>(), 1e-6);
        for (var axis = 0; axis < 3; axis++)
        {
            var slope = (AreaWith(axis, Step) - AreaWith(axis, -Step)) / (2 * Step);
            Assert.Equal(slope, positions.grad![7, axis].item<float>(), 1e-5);
        }

        double AreaWith(int axis, double shift)
        {
            var moved = Array.ConvertAll(corners, value => (double)value);
            moved[(3 * 7) + axis] += shift;
            return Enumerable.Range(0, 12).Sum(face => HalfCross(
                moved.AsSpan(3 * faces[3 * face], 3), moved.AsSpan(3 * faces[(3 * face) + 1], 3), moved.AsSpan(3 * faces[(3 * face) + 2], 3)));
        }
    }

    [Fact]
    public void Area_OfAFaceWithoutArea_HasAGradientThatIsANumber()
    {
        using var scope = NewDisposeScope();
        var positions = zeros([3, 3]).requires_grad_();

        MeshOps.Area(positions, tensor(new long[] { 0, 1, 2 }, [1, 3])).backward();

        Assert.All(positions.grad!.cpu().data<float>().ToArray(), value => Assert.Equal(0, value));
    }

    private static double HalfCross(ReadOnlySpan<double> a, ReadOnlySpan<double> b, ReadOnlySpan<double> c)
    {
        double[] u = [b[0] - a[0], b[1] - a[1], b[2] - a[2]], v = [c[0] - a[0], c[1] - a[1], c[2] - a[2]];
        double[] cross = [(u[1] * v[2]) - (u[2] * v[1]), (u[2] * v[0]) - (u[0] * v[2]), (u[0] * v[1]) - (u[1] * v[0])];
        return Math.Sqrt(cross.Sum(x => x * x)) / 2;
    }
}
