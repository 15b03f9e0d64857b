using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering.Tests;

public sealed class TextureStretchTests
{
    private static readonly float[] s_square = [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0];
    private static readonly int[] s_faces = [0, 1, 2, 0, 2, 3];

    [Theory]
    [InlineData(1.0, 1.0)]
    [InlineData(0.25, 0.25)]       // a smaller texture distorts nothing
    [InlineData(-1.0, 1.0)]        // nor does a mirrored one
    public void Isometries_HaveStretchOne(double across, double down)
    {
        var stretch = TextureStretch.Of(Mapped((x, y) => (across * x, down * y)));
        Assert.Equal(1, stretch.L2, 1e-6);
        Assert.Equal(1, stretch.Worst, 1e-6);
    }

    [Fact]
    public void Turned_IsNoStretch()
    {
        var (sine, cosine) = Math.SinCos(0.4);
        Assert.Equal(1, TextureStretch.Of(Mapped((x, y) => ((cosine * x) - (sine * y), (sine * x) + (cosine * y)))).L2, 1e-6);
    }

    [Fact]
    public void AnisotropicMap_FollowsTheDefinition()
    {
        // Singular values of texture to surface 1 / 0.2 and 1 / 0.8, areas in the ratio 0.16.
        var stretch = TextureStretch.Of(Mapped((x, y) => (0.2 * x, 0.8 * y)));
        Assert.Equal(Math.Sqrt(((25 + 1.5625) / 2) * 0.16), stretch.L2, 1e-5);
        Assert.Equal(5 * 0.4, stretch.Worst, 1e-5);
    }

    [Fact]
    public void FoldedTexture_IsInfinite() =>
        Assert.Equal(double.PositiveInfinity, TextureStretch.Of(Mapped((x, y) => y > 0 ? (x, x) : (x, y))).L2);

    [Fact]
    public void CollapsedTexture_IsInfinite() =>
        Assert.Equal(double.PositiveInfinity, TextureStretch.Of(Mapped((_, _) => (0.5, 0.5))).L2);

    [Fact]
    public void FaceThinnerThanAMillionthOfItsLength_IsPassedOver()
    {
        // Its corners are one line in the texture.
        var mesh = Mapped((x, y) => (x, y));
        var thin = new TriangleMesh([.. mesh.Positions, 0.5f, 1e-8f, 0], [.. mesh.Indices, 0, 1, 4], [.. mesh.Uvs!, 0.5f, 0]);

        Assert.Equal(1, TextureStretch.Of(thin).L2, 1e-6);
    }

    [Fact]
    public void WithoutCoordinates_ItSaysSo() =>
        Assert.Contains("no texture coordinates", Assert.Throws<ArgumentException>(() => TextureStretch.Of(new TriangleMesh(s_square, s_faces))).Message, StringComparison.Ordinal);

    private static TriangleMesh Mapped(Func<double, double, (double U, double V)> map) =>
        new(s_square, s_faces, [.. s_square.Chunk(3).Select(p => map(p[0], p[1])).SelectMany(uv => new[] { (float)uv.U, (float)uv.V })]);
}
