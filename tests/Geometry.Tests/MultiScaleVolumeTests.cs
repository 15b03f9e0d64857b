using Realiz3D.Mesh.Shaping;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Geometry.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class MultiScaleVolumeTests
{
    [Fact]
    public void At_AddsTheGridsTrilinearly_WithXAlongTheLastAxis()
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        using var volume = new MultiScaleVolume(2, [3, 5], 0.5, TestDevice.Here);
        var ramp = linspace(-0.5, 0.5, 5);
        volume.Levels[0].add_(1);
        volume.Levels[1].select(1, 0).add_(ramp.reshape(1, 1, 1, 5));       // channel 0: x
        volume.Levels[1].select(1, 1).add_(ramp.reshape(1, 5, 1, 1));       // channel 1: z

        var values = volume.At(tensor(new float[] { 0.13f, 0.4f, -0.27f, -0.5f, 0, 0.5f }, [2, 3]));

        float[] expected = [1.13f, 0.73f, 0.5f, 1.5f];
        Assert.Equal(expected, values.cpu().data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Variation_IsTheMeanDifferenceOfNeighbours()
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        using var volume = new MultiScaleVolume(1, [5], 0.5, TestDevice.Here);
        volume.Levels[0].add_(linspace(0, 4, 5).reshape(1, 1, 1, 1, 5) * 0.5);

        // 0.5 along x, and the root's floor of 0.001 along y and z.
        Assert.Equal(0.502, volume.Variation().item<float>(), 1e-4);
    }
}
