using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering.Tests;

public sealed class MeshPreviewTests
{
    [Theory]
    [InlineData(0.01, 0)]
    [InlineData(30, 1000)]
    public void Of_FillsThePictureWithTheMesh_WhereverItLies(double radius, float shift)
    {
        var ball = TestMeshes.Sphere(radius, 4);
        var mesh = ball with { Positions = Array.ConvertAll(ball.Positions, x => x + shift) };

        var picture = Png.Read(MeshPreview.Of(mesh), "preview");

        Assert.Equal((144, 144, 3), (picture.Width, picture.Height, picture.Channels));
        var pixels = picture.ToBytes();
        var background = pixels[0];
        bool Shown(int row, int column) => Enumerable.Range(0, 3).Any(c => pixels[(3 * ((row * 144) + column)) + c] != background);
        Assert.True(Enumerable.Range(0, 4).All(k => !Shown(k / 2 * 143, k % 2 * 143)), "corners are background");
        var covered = Enumerable.Range(0, 144 * 144).Count(i => Shown(i / 144, i % 144));
        Assert.Equal(Math.PI / 4, covered / (144.0 * 144), 0.02); // a disc that touches all four sides
        Assert.True(pixels[3 * ((20 * 144) + 90)] > pixels[3 * ((135 * 144) + 60)] + 20, "light comes from above and the right");
    }

    [Fact]
    public void Of_WhatDoesNotCompress_StaysWithinTheLimit()
    {
        var noise = new byte[3 * 600 * 600];
        new Random(1).NextBytes(noise);

        Assert.InRange(MeshPreview.Of(new PixelImage(600, 600, 3, noise)).Length, 1000, MeshPreview.MaxBytes);
        Assert.InRange(MeshPreview.Of(new PixelImage(144, 144, 3, noise[..(3 * 144 * 144)])).Length, 3 * 144 * 144, MeshPreview.MaxBytes);
        Assert.Equal(noise[..12], Png.Read(MeshPreview.Of(new PixelImage(2, 2, 3, noise[..12])), "small").ToBytes());
    }

    [Fact]
    public void Of_AMeshWithoutSize_IsAPicture()
    {
        var point = new TriangleMesh(new float[9], [0, 1, 2]);

        Assert.Equal(144, Png.Read(MeshPreview.Of(point), "preview").Width);
    }
}
