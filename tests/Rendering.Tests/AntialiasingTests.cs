using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>Against exact pixel coverage. The reference's row 0 is the bottom, so y is turned over on the way in.</summary>
public sealed class AntialiasingTests
{
    // Mean absolute errors that the case files state: point sampling, and a plain version of the same method.
    [Theory]
    [InlineData("aa_triangle")]
    [InlineData("aa_quad_rotated")]
    [InlineData("aa_icosahedron")]
    public void Mask_IsNearTheExactCoverage_AndSoIsItsGradient(string name)
    {
        using var scope = NewDisposeScope();
        using var file = Goldens.Tensors("geometry", name);
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Goldens.Path("geometry", name, "case.json")));
        var args = json.RootElement.GetProperty("args");
        var (clip, faces) = RasterGoldenTests.Read(file);
        var (height, width) = ((int)file.Entry("in/L").Shape[0], (int)file.Entry("in/L").Shape[1]);
        var position = tensor(clip, [1, clip.Length / 4, 4], dtype: ScalarType.Float64, requires_grad: true);

        var mask = Mask(position, clip, faces, height, width);

        var actual = mask.cpu().data<double>().ToArray();
        var exact = file.ReadFloats("out/mask_exact");
        var error = actual.Zip(exact, (a, e) => Math.Abs(a - e)).Average();
        Assert.True(error <= 1.3 * args.GetProperty("mae_local_aa").GetDouble() + 1e-3, $"Mean error {error}.");
        Assert.True(error < args.GetProperty("mae_point").GetDouble());

        var weights = tensor(file.ReadFloats("in/L"), [height * width], dtype: ScalarType.Float64);
        (mask * weights).mean().backward();
        AssertDirection(
            file.ReadFloats("out/grad_F_L_pos"),
            position.grad!,
            args.GetProperty("cos_local_aa_L").GetDouble() - 0.02,
            args.GetProperty("relerr_local_aa_L").GetDouble() + 0.05);
    }

    [Fact]
    public void Gradient_MatchesDifferencesOnAMovedEdge()
    {
        // A right-hand edge at 0.3 pixel beyond a centre, moved by a thousandth of a pixel.
        using var scope = NewDisposeScope();
        const int size = 8;
        float[] Quad(double right) =>
            [-0.5f, -2, 0, 1, (float)right, -2, 0, 1, (float)right, 2, 0, 1, -0.5f, 2, 0, 1];
        int[] faces = [0, 1, 2, 0, 2, 3];
        var right = (2 * 5 + 1.0) / size - 1 + 0.3 * 2 / size;
        var h = 2e-3 / size;

        var position = tensor(Quad(right), [1, 4, 4], dtype: ScalarType.Float64, requires_grad: true);
        var mask = Mask(position, Quad(right), faces, size, size);
        mask.sum().backward();
        var moved = Mask(tensor(Quad(right + h), [1, 4, 4], dtype: ScalarType.Float64), Quad(right + h), faces, size, size);

        var slope = (moved.sum().item<double>() - mask.sum().item<double>()) / ((float)(right + h) - (double)(float)right);
        var gradient = position.grad!.cpu().data<double>().ToArray();
        Assert.Equal(slope, gradient[4] + gradient[8], 1e-3);
        Assert.Equal(size * size / 2.0, slope, 1e-3);       // every row gains one pixel per pixel of motion
    }

    [Fact]
    public void Silhouette_IsFoundAcrossTrianglesSmallerThanAPixel()
    {
        // The same square as one quad and as 32 x 32 cells: the masks agree, and so do the gradients of a shift.
        using var scope = NewDisposeScope();
        var coarse = Grid(1);
        var fine = Grid(32);

        var (maskA, shiftA) = Render(coarse);
        var (maskB, shiftB) = Render(fine);

        Assert.True((maskA - maskB).abs().max().item<double>() < 1e-5);
        Assert.NotEqual(0, shiftA, 1e-3);
        Assert.Equal(shiftA, shiftB, 1e-2);      // of 165; the cells' corners are rounded to float

        static (Tensor Mask, double Shift) Render((float[] Clip, int[] Faces) mesh)
        {
            var position = tensor(mesh.Clip, [1, mesh.Clip.Length / 4, 4], dtype: ScalarType.Float64, requires_grad: true);
            var mask = Mask(position, mesh.Clip, mesh.Faces, 12, 12);
            (mask * arange(144, dtype: ScalarType.Float64)).sum().backward();
            return (mask.detach(), position.grad!.select(2, 0).sum().item<double>());
        }
    }

    [Fact]
    public void RangesOfSharedVertices_GiveWhatEachRangeGivesAlone()
    {
        using var scope = NewDisposeScope();
        const int size = 12;
        float[] clip = [-0.7f, -0.6f, 0, 1, 0.5f, -0.4f, 0, 1, 0.1f, 0.7f, 0, 1, -0.2f, -0.8f, 0, 1, 0.8f, 0.3f, 0, 1, -0.6f, 0.5f, 0, 1];
        int[] faces = [0, 1, 2, 3, 4, 5];
        var buffer = ZBuffer.DrawRanges(clip, faces, [(1, 1), (0, 1)], size, size);
        var together = tensor(clip, [1, 6, 4], dtype: ScalarType.Float64, requires_grad: true);
        var crossings = SilhouetteCrossings.Find(buffer, clip, faces, FaceAdjacency.Of(faces), shared: true);
        var covered = tensor(buffer.Triangles.Select(t => t >= 0 ? 1.0 : 0).ToArray(), [2 * size * size, 1]);

        var masks = Antialiasing.Blend(covered, together, crossings, size, size).reshape(2, -1);
        var weights = arange(size * size, dtype: ScalarType.Float64);
        (masks * weights).sum().backward();

        var apart = tensor(clip, [1, 6, 4], dtype: ScalarType.Float64, requires_grad: true);
        var alone = stack([Mask(apart, clip, faces[3..], size, size), Mask(apart, clip, faces[..3], size, size)]);
        (alone * weights).sum().backward();
        Assert.Equal(0, (masks - alone).abs().max().item<double>(), 1e-12);
        Assert.Equal(0, (together.grad! - apart.grad!).abs().max().item<double>(), 1e-9);
        Assert.True(apart.grad!.abs().max().item<double>() > 1);
    }

    private static Tensor Mask(Tensor position, float[] clip, int[] faces, int height, int width)
    {
        var buffer = ZBuffer.Draw(clip, 1, faces, height, width);
        var crossings = SilhouetteCrossings.Find(buffer, clip, faces, FaceAdjacency.Of(faces));
        var covered = tensor(buffer.Triangles.Select(t => t >= 0 ? 1.0 : 0).ToArray(), [height * width, 1]);
        return Antialiasing.Blend(covered, position, crossings, height, width).squeeze(1);
    }

    private static (float[] Clip, int[] Faces) Grid(int cells)
    {
        var (clip, faces) = (new List<float>(), new List<int>());
        for (var i = 0; i < (cells + 1) * (cells + 1); i++)
        {
            var (x, y) = (i % (cells + 1) / (double)cells - 0.5, i / (cells + 1) / (double)cells - 0.5);
            clip.AddRange([(float)(1.13 * x + 0.21 * y), (float)(1.13 * y - 0.21 * x), 0, 1]);
            if (x < 0.5 && y < 0.5)
            {
                faces.AddRange([i, i + 1, i + cells + 2, i, i + cells + 2, i + cells + 1]);
            }
        }

        return ([.. clip], [.. faces]);
    }

    private static void AssertDirection(float[] expected, Tensor gradient, double cosine, double relative)
    {
        var actual = gradient.cpu().data<double>().ToArray();
        var (dot, ee, aa, dd) = (0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < expected.Length; i++)
        {
            var value = i % 4 == 1 ? -actual[i] : actual[i];
            (dot, ee, aa) = (dot + expected[i] * value, ee + expected[i] * (double)expected[i], aa + value * value);
            dd += (expected[i] - value) * (expected[i] - value);
        }

        Assert.True(dot / Math.Sqrt(ee * aa) >= cosine, $"Cosine {dot / Math.Sqrt(ee * aa)}, wanted {cosine}.");
        Assert.True(Math.Sqrt(dd / ee) <= relative, $"Relative error {Math.Sqrt(dd / ee)}, wanted at most {relative}.");
    }
}
