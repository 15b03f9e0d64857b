using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class FragmentsTests
{
    private const int Size = 8;
    private static readonly int[] s_face = [0, 1, 2];

    // Covers the whole of a view.
    private static readonly float[] s_large = [-1, -1, 0.5f, 1, 3, -1, 0.5f, 1, -1, 3, 0.5f, 1];

    [Fact]
    public void Interpolate_WhereNothingIsCovered_IsEmptyAndGivesNoGradient()
    {
        using var scope = NewDisposeScope();
        float[] beside = [2, 0, 0, 1, 3, 0, 0, 1, 2, 1, 0, 1];
        var clip = tensor(beside, [1, 3, 4], requires_grad: true);
        var attributes = tensor(new float[] { 1, 2, 3, 4, 5, 6 }, [3, 2], requires_grad: true);

        var fragments = Fragments.Of(ZBuffer.Draw(beside, 1, s_face, Size, Size), clip, s_face);
        var drawn = fragments.Interpolate(attributes);
        var slopes = FragmentDerivatives.Of(fragments).Of(fragments, attributes);
        (drawn.sum() + slopes.sum()).backward();

        Assert.Equal((0, 2), (drawn.shape[0], drawn.shape[1]));
        Assert.Equal((0, 2, 2), (slopes.shape[0], slopes.shape[1], slopes.shape[2]));
        Assert.Equal(0, attributes.grad!.abs().max().item<float>());
        Assert.Equal(0, clip.grad!.abs().max().item<float>());
    }

    [Fact]
    public void Interpolate_OfAttributesPerView_TakesEachViewsOwn()
    {
        using var scope = NewDisposeScope();
        float[] twice = [.. s_large, .. s_large];
        var fragments = Fragments.Of(ZBuffer.Draw(twice, 2, s_face, Size, Size), tensor(twice, [2, 3, 4]), s_face);
        var values = tensor(new float[] { 0, 3, 0, 10, 10, 13 }, [2, 3, 1]);      // 3 times one weight; 10 and 3 times another

        var drawn = fragments.Interpolate(values).reshape(2, Size * Size);
        var slopes = FragmentDerivatives.Of(fragments).Of(fragments, values).reshape(2, Size * Size, 2);

        var weights = fragments.Barycentrics.reshape(2, Size * Size, 3);
        Assert.Equal(0, (drawn[0] - 3 * weights[0].select(1, 1)).abs().max().item<float>(), 1e-5f);
        Assert.Equal(0, (drawn[1] - 10 - 3 * weights[1].select(1, 2)).abs().max().item<float>(), 1e-5f);
        // The triangle is two views wide and high, so its weights grow by 1 over 2 Size pixels.
        Assert.Equal(0, (slopes[0] - tensor(new[] { 1.5f / Size, 0 })).abs().max().item<float>(), 1e-6f);
        Assert.Equal(0, (slopes[1] - tensor(new[] { 0, -1.5f / Size })).abs().max().item<float>(), 1e-6f);
    }

    [Fact]
    public void TriangleOfATenthOfAPixel_IsAsExactInSinglesAsInDoubles()
    {
        using var scope = NewDisposeScope();
        const int size = 512;
        // Round the centre of the pixel in column 400 and row 100, in front of a wide lens.
        var (x, y, w) = (((2 * 400) + 1) / 512f - 1, 1 - ((2 * 100) + 1) / 512f, 3.7f);
        float[] places = [x - 2e-4f, y - 1e-4f, x + 2e-4f, y - 1.5e-4f, x, y + 2e-4f];
        float[] clip = [.. Enumerable.Range(0, 3).SelectMany(i => new[] { places[2 * i] * w, places[(2 * i) + 1] * w, 0, w })];
        var buffer = ZBuffer.Draw(clip, 1, s_face, size, size);

        var (weights, slopes, gradient) = Place(ScalarType.Float32);
        var (exactWeights, exactSlopes, exactGradient) = Place(ScalarType.Float64);

        Assert.Equal(1, weights.shape[0]);
        AssertNear(exactWeights, weights);
        AssertNear(exactSlopes, slopes);
        AssertNear(exactGradient, gradient);

        (Tensor Weights, Tensor Slopes, Tensor Gradient) Place(ScalarType type)
        {
            var position = tensor(clip, [1, 3, 4]).to(type).requires_grad_();
            var fragments = Fragments.Of(buffer, position, s_face);
            fragments.Barycentrics.select(1, 0).sum().backward();
            return (fragments.Barycentrics.detach(), FragmentDerivatives.Of(fragments).Barycentrics.detach(), position.grad!);
        }

        static void AssertNear(Tensor exact, Tensor actual) =>
            Assert.Equal(0, ((actual - exact).abs().max() / exact.abs().max()).item<double>(), 1e-6);
    }
}
