namespace Realiz3D.Mesh.Rendering.Tests;

public sealed class SilhouettesTests
{
    [Theory]
    [InlineData(new[] { 1f, 1, 0, 0 }, new[] { 1f, 0, 1, 0 }, 1 / 3.0)]
    [InlineData(new[] { 0.5f, 0.6f }, new[] { 0.6f, 0.6f }, 0.5)] // exactly a half is outside
    [InlineData(new[] { 0f, 0 }, new[] { 0f, 0 }, 1)]
    [InlineData(new[] { 1f, 0 }, new[] { 0f, 1 }, 0)]
    public void Iou_CountsPixels(float[] a, float[] b, double expected)
    {
        Assert.Equal(expected, Silhouettes.Iou(a, b), 1e-12);
        Assert.Equal(expected, Silhouettes.Iou(b, a), 1e-12);
    }
}
