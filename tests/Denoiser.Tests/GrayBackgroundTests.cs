using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising.Tests;

// On the CPU: the background is filled pixel by pixel there.
public sealed class GrayBackgroundTests
{
    [Fact]
    public void Gray_BecomesTransparent_OnlyWhereItHangsTogetherWithTheBorder()
    {
        using var scope = NewDisposeScope();
        var picture = full([1, 3, 6, 6], 0.5f);
        for (var i = 1; i < 5; i++)
        {
            foreach (var (y, x) in new[] { (1, i), (4, i), (i, 1), (i, 4) })
            {
                picture[0, 0, y, x] = tensor(1f);       // a red ring; what it surrounds stays gray
            }
        }

        picture[0, 1, 0, 0] = tensor(0.565f);           // halfway between background and object
        picture[0, 2, 2, 2] = tensor(0.51f);            // inside, a little off gray

        var views = GrayBackground.ToViews(picture);

        Assert.Equal([1, 4, 6, 6], views.shape);
        double At(int c, int y, int x) => views[0, c, y, x].ToDouble();
        Assert.Equal((0, 0, 0), (At(3, 0, 3), At(3, 3, 0), At(3, 5, 5)));
        Assert.Equal((1, 1, 1), (At(3, 1, 1), At(3, 2, 2), At(3, 3, 3)));
        Assert.Equal(0.5, At(3, 0, 0), 1e-3);
        Assert.Equal((1, 0.21404), (At(0, 1, 2), Math.Round(At(1, 1, 2), 5)));   // sRGB 1 and 0.5 in linear light
        AssertTensor.Equal(views, GrayBackground.ToViews(picture));
    }
}
