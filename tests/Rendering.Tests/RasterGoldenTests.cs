using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>Against an independent reference in doubles. Its row 0 is the bottom, so y is turned over on the way in.</summary>
public sealed class RasterGoldenTests
{
    [Theory]
    [InlineData("rast_random_odd")]
    [InlineData("rast_near_plane")]
    [InlineData("rast_many_small")]
    [InlineData("rast_degenerate")]
    public void Raster_MatchesTheReference(string name)
    {
        using var scope = NewDisposeScope();
        using var file = Goldens.Tensors("geometry", name);
        var (clip, faces) = Read(file);
        var (height, width) = ((int)file.Entry("out/rast").Shape[1], (int)file.Entry("out/rast").Shape[2]);

        var buffer = ZBuffer.Draw(clip, 1, faces, height, width);
        var fragments = Fragments.Of(buffer, tensor(clip, [1, clip.Length / 4, 4], dtype: ScalarType.Float64), faces);

        var expected = file.ReadFloats("out/rast");
        var skip = file.ReadBytes("out/ambiguous:bool");
        var weights = Spread(fragments, height * width);
        for (var pixel = 0; pixel < skip.Length; pixel++)
        {
            if (skip[pixel] != 0)
            {
                continue;
            }

            Assert.Equal(expected[4 * pixel + 3], buffer.Triangles[pixel] + 1);
            if (buffer.Triangles[pixel] >= 0)
            {
                Assert.Equal(expected[4 * pixel], weights[3 * pixel], 2e-4);
                Assert.Equal(expected[4 * pixel + 1], weights[3 * pixel + 1], 2e-4);
                Assert.Equal(expected[4 * pixel + 2], buffer.Depths[pixel], 2e-4);
            }
        }
    }

    [Theory]
    [InlineData("rast_random_odd")]
    [InlineData("rast_near_plane")]
    public void Gradients_MatchTheReference(string name)
    {
        using var scope = NewDisposeScope();
        using var file = Goldens.Tensors("geometry", name);
        var (clip, faces) = Read(file);
        var (height, width) = ((int)file.Entry("out/rast").Shape[1], (int)file.Entry("out/rast").Shape[2]);
        var pixels = height * width;
        var position = tensor(clip, [1, clip.Length / 4, 4], dtype: ScalarType.Float64, requires_grad: true);
        var attributes = tensor(file.ReadFloats("in/attr"), [clip.Length / 4, 3], dtype: ScalarType.Float64, requires_grad: true);

        var buffer = ZBuffer.Draw(clip, 1, faces, height, width);
        var fragments = Fragments.Of(buffer, position, faces);
        var weights = tensor(file.ReadFloats("in/lin_uv"), [pixels, 2], dtype: ScalarType.Float64);
        (fragments.Barycentrics.narrow(1, 0, 2) * weights.index_select(0, fragments.Pixels)).sum().backward(retain_graph: true);
        AssertFlippedEqual(file.ReadFloats("out/grad_pos_from_uv"), position.grad!);

        position.grad!.zero_();
        var linear = tensor(file.ReadFloats("in/lin_interp"), [pixels, 3], dtype: ScalarType.Float64);
        (fragments.Interpolate(attributes) * linear.index_select(0, fragments.Pixels)).sum().backward();
        AssertFlippedEqual(file.ReadFloats("out/grad_pos_from_interp"), position.grad!);
        AssertClose(file.ReadFloats("out/grad_attr"), attributes.grad!);
    }

    [Fact]
    public void SharedEdgesThroughPixelCentres_AreDrawnExactlyOnce()
    {
        using var file = Goldens.Tensors("geometry", "rast_shared_edges_exact");
        var (clip, faces) = Read(file);
        var covered = new int[64];
        for (var f = 0; f < faces.Length / 3; f++)
        {
            var alone = ZBuffer.Draw(clip, 1, faces[(3 * f)..(3 * f + 3)], 8, 8);
            for (var pixel = 0; pixel < 64; pixel++)
            {
                covered[pixel] += alone.Triangles[pixel] == 0 ? 1 : 0;
            }
        }

        var mustCover = file.ReadBytes("out/must_cover:bool");
        for (var pixel = 0; pixel < 64; pixel++)
        {
            Assert.InRange(covered[pixel], mustCover[pixel], 1);
        }
    }

    internal static (float[] Clip, int[] Faces) Read(Formats.SafeTensorsFile file)
    {
        var clip = file.ReadFloats("in/pos");
        for (var i = 1; i < clip.Length; i += 4)
        {
            clip[i] = -clip[i];
        }

        return (clip, [.. file.ReadLongs("in/tri").Select(index => (int)index)]);
    }

    internal static void AssertFlippedEqual(float[] expected, Tensor gradient)
    {
        var actual = gradient.@double().cpu().data<double>().ToArray();
        for (var i = 0; i < expected.Length; i++)
        {
            var sign = i % 4 == 1 ? -1 : 1;
            Assert.True(
                Math.Abs(expected[i] - sign * actual[i]) <= 2e-4 + 1e-3 * Math.Abs(expected[i]),
                $"Gradient of vertex {i / 4}, coordinate {i % 4}: expected {expected[i]}, got {sign * actual[i]}.");
        }
    }

    private static void AssertClose(float[] expected, Tensor actual)
    {
        var numbers = actual.@double().cpu().data<double>().ToArray();
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], numbers[i], 2e-4 + 1e-3 * Math.Abs(expected[i]));
        }
    }

    private static double[] Spread(Fragments fragments, int pixels)
    {
        var all = zeros(pixels, 3, dtype: ScalarType.Float64).index_add(0, fragments.Pixels, fragments.Barycentrics, 1);
        return all.cpu().data<double>().ToArray();
    }
}
