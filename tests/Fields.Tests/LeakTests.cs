using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class LeakTests
{
    [Fact]
    public void Functions_LeaveNoTemporariesAlive() => Alone.Run(() =>
    {
        using var outer = NewDisposeScope();
        using var generator = new Generator(1);
        using var grid = new HashGrid(new HashGridConfig(2, 4, 8, 6, 2), generator);
        grid.to(TestDevice.Here);
        var (samples, points, faces) = (rand(2, 5), rand(1, 6, 3), tensor([0L, 1, 2, 0, 2, 3], [2, 3]));
        var (edges, planes, matrices) = (samples.sort(-1).values, rand([1, 3, 2, 4, 4]), rand(1, 6, 3, 3));
        var (packed, cubes) = (new PackedRays([0], [2]), CubeGrid.Create(2, 2, 2, 0.5));
        float[] numbers = [.. Enumerable.Range(0, 27).Select(i => i % 2 - 0.3f)];
        var (topology, field, places) = (FlexiTopology.Of(cubes.Cubes, numbers), tensor(numbers), tensor(cubes.Positions, [27, 3]));
        var (colors, first, radii, cloud, pair) = (rand(2, 5, 3), rand(1, 6, 1), rand(2, 1), rand(6, 3), tensor([0L, 1], [1, 2]));
        using var tetrahedra = new TetrahedralExtractor(KuhnGrid.Create(2, 0.5));
        using var dual = new CubeExtractor(cubes, TestDevice.Here);
        var waves = FrequencyEncoding.Nerfstudio(2, 0, 1, includeInput: true);

        Leaves(3, () => VolumeRendering.FromDensities(samples, samples, edges));
        Leaves(3, () => VolumeRendering.FromOpacities(samples));
        Leaves(1, () => VolumeRendering.Accumulate(samples, colors));
        Leaves(1, () => RayDepth.Expected(samples, edges));
        Leaves(1, () => RayDepth.ExpectedWithin(samples, edges));
        Leaves(1, () => RayDepth.Median(samples, edges));
        Leaves(3, () => MidpointMarcher.March(points, first, first, true));
        Leaves(1, () => packed.Spread(samples));
        Leaves(1, () => packed.SpreadRepeated(samples));
        Leaves(1, () => ImportanceSampling.Cumulative(samples, 0.01, 1e-5));
        Leaves(1, () => ImportanceSampling.Invert(edges, edges, samples));
        Leaves(1, () => ImportanceSampling.Intervals(edges, 0, 1));
        Leaves(1, () => waves.EncodeIntegrated(points, points));
        Leaves(3, () => ConicalFrustum.Between(edges, radii));
        Leaves(2, () => SceneContraction.Contract(points, matrices));
        Leaves(1, () => SceneContraction.Expand(points));
        Leaves(1, () => grid.call(cloud));
        Leaves(1, () => TriplaneSampling.Sample(planes, points, new(TriplaneAxes.XyXzYz)));
        Leaves(3, () => FlexiCubes.Extract(topology, field, places, new(), training: true));
        Leaves(1, () => tetrahedra.Extract(field, places, training: true));
        Leaves(2, () => dual.Extract(field, places, training: true));
        Leaves(1, () => FieldRegularisers.SignChanges(field, faces));
        Leaves(1, () => FieldRegularisers.Laplacian(cloud, faces));
        Leaves(1, () => FieldRegularisers.NormalConsistency(cloud, faces, pair));
    });

    private static void Leaves(int tensors, Func<object> call)
    {
        using var scope = NewDisposeScope();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        GC.KeepAlive(call());
        Assert.Equal(tensors, DisposeScopeManager.Statistics.ThreadTotalLiveCount - before);
    }
}
