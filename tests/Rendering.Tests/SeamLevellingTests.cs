using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering.Tests;

/// <summary>Two squares with a common edge x = 0, laid into the texture apart: at columns 4 to 28 and 36 to 60 of 64, rows 4 to 28.</summary>
public sealed class SeamLevellingTests
{
    private const int Size = 64;

    private static readonly TriangleMesh s_squares = Squares(36, 60);

    [Fact]
    public void Level_TwoShadesOfOneColour_MeetAtTheirMeanAndKeepThemselvesFarAway()
    {
        var texture = Level(new Vector3(0.50f, 0.40f, 0.3f), new Vector3(0.54f, 0.42f, 0.3f));

        for (var row = 6; row < 26; row++)
        {
            var v = (row + 0.5f) / Size;
            var (left, right) = (texture.At(new Vector2(28f / Size, v)), texture.At(new Vector2(36f / Size, v)));
            Assert.True(Vector3.Distance(left, new Vector3(0.52f, 0.41f, 0.3f)) < 0.002f, $"{left} in row {row}");
            Assert.True(Vector3.Distance(left, right) < 0.002f, $"{left} beside {right} in row {row}");
            Assert.Equal(new Vector3(0.50f, 0.40f, 0.3f), texture.Linear[(row * Size) + 21]);   // six and a half texels from the seam
            Assert.Equal(new Vector3(0.54f, 0.42f, 0.3f), texture.Linear[(row * Size) + 42]);
        }
    }

    [Fact]
    public void Level_TwoShades_FadeFromTheSeamInwards()
    {
        var texture = Level(new Vector3(0.5f), new Vector3(0.56f));

        var reds = Enumerable.Range(20, 8).Select(column => texture.Linear[(16 * Size) + column].X).ToArray();
        Assert.Equal(reds.Order(), reds);
        Assert.All(Enumerable.Range(1, 7), i => Assert.True(reds[i] - reds[i - 1] < 0.021f, $"{reds[i - 1]} beside {reds[i]}")); // of 0.03
    }

    [Fact]
    public void Level_StepThatChangesAlongTheSeam_IsLevelledInItsDetail()
    {
        // A wave of six texels along the seam, on one side only.
        var texture = Level(
            new Vector3(0.5f), new Vector3(0.5f), (column, row) => column > 32 ? 0.04f * MathF.Sin(MathF.PI * row / 3) : 0);

        var steps = Enumerable.Range(6, 18).Select(row => (row + 0.5f) / Size).Select(v =>
            Math.Abs(texture.At(new Vector2(28f / Size, v)).X - texture.At(new Vector2(36f / Size, v)).X));
        Assert.True(steps.Average() < 0.0025, $"{steps.Average()} of 0.025"); // 0.04 times 2 / pi before
    }

    [Fact]
    public void Level_TwoColours_KeepTheirBorder()
    {
        var (red, white) = (new Vector3(0.8f, 0.1f, 0.1f), new Vector3(0.9f));

        var texture = Level(red, white);

        Assert.All(Enumerable.Range(4, 24), column => Assert.Equal(red, texture.Linear[(16 * Size) + column]));
        Assert.All(Enumerable.Range(36, 24), column => Assert.Equal(white, texture.Linear[(16 * Size) + column]));
    }

    [Fact]
    public void Level_ChartsSideBySideInTheTexture_MoveNoTexelOfTheOther()
    {
        // The second square the other way round: its far side lies two texels from the first one's seam.
        var texture = Level(new Vector3(0.50f), new Vector3(0.55f), mesh: Squares(54, 30));

        Assert.All(Enumerable.Range(30, 20), column => Assert.Equal(new Vector3(0.55f), texture.Linear[(16 * Size) + column]));
        Assert.Equal(0.525f, texture.Linear[(16 * Size) + 53].X, 0.002f);
    }

    [Fact]
    public void Level_ColoursThatWouldLeaveTheRange_StayInside()
    {
        // The last column before the seam is darker and has to become brighter; the one before it is white already.
        var texture = Level(new Vector3(1), new Vector3(1), (column, _) => column == 27 ? 0.1f : 0);

        Assert.All(texture.Linear, color => Assert.InRange(color.X, 0, 1));
    }

    [Fact]
    public void Level_EdgeInsideAChart_IsLeftAlone()
    {
        // The second square where the first one ends: no seam.
        var mesh = Squares(28, 52);
        var (texels, colors) = (new SurfaceTexels(mesh, mesh.AreaWeightedNormals(), Size), new Vector3[Size * Size]);
        Array.ForEach(texels.Pixels, pixel => colors[pixel] = new Vector3(pixel % Size < 28 ? 0.5f : 0.55f));
        var before = (Vector3[])colors.Clone();

        new SeamLevelling(mesh, texels).Level(colors, _ => Assert.Fail("nothing is to be done"));

        Assert.Equal(before, colors);
    }

    // The second square's seam and far side in columns of the texture.
    private static TriangleMesh Squares(int seam, int far) => new(
        [-1, 0, 0, 0, 0, 0, 0, 1, 0, -1, 1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0],
        [0, 1, 2, 0, 2, 3, 4, 5, 6, 4, 6, 7])
    {
        Uvs = [.. new[] { 4, 28, 28, 28, 28, 4, 4, 4, seam, 28, far, 28, far, 4, seam, 4 }.Select(texels => texels / (float)Size)],
    };

    private static AlbedoTexture Level(Vector3 left, Vector3 right, Func<int, int, float>? darker = null, TriangleMesh? mesh = null)
    {
        mesh ??= s_squares;
        var texels = new SurfaceTexels(mesh, mesh.AreaWeightedNormals(), Size);
        var (colors, used) = (new Vector3[Size * Size], new bool[Size * Size]);
        foreach (var pixel in texels.Pixels)
        {
            used[pixel] = true;
            colors[pixel] = (pixel % Size < 29 ? left : right) - new Vector3(darker?.Invoke(pixel % Size, pixel / Size) ?? 0);
        }

        void Dilate(Vector3[] texture) => TextureDilation.Fill(texture, used, Size, 2);
        Dilate(colors);
        new SeamLevelling(mesh, texels).Level(colors, Dilate);
        return new AlbedoTexture(Size, colors, Coverage: 1);
    }
}
