using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public class PositionTableTests
{
    [Fact]
    public void Table_OfATallGrid_MatchesTheFormula()
    {
        const int width = 8, rows = 12, columns = 8;
        var table = PositionTable.Build(width, new GridSize(rows, columns), new GridSize(rows, columns), 1);

        Assert.Equal(rows * columns * width, table.Length);
        foreach (var (r, c) in new[] { (0, 0), (0, 7), (11, 0), (3, 5), (11, 7) })
        {
            // The column comes first; two frequencies, 1 and 10000^(-1/2) = 0.01; sines before cosines.
            double[] expected =
            [
                Math.Sin(c), Math.Sin(c * 0.01), Math.Cos(c), Math.Cos(c * 0.01),
                Math.Sin(r), Math.Sin(r * 0.01), Math.Cos(r), Math.Cos(r * 0.01),
            ];
            var row = table.AsSpan(((r * columns) + c) * width, width).ToArray();
            Assert.All(expected.Zip(row), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        }
    }

    [Fact]
    public void Table_OfAnotherGrid_IsStretchedOntoTheOneItWasMadeFor()
    {
        var table = PositionTable.Build(4, new GridSize(6, 16), new GridSize(12, 8), 2);

        // Row 3 of 6 is row 6 of 12, column 10 of 16 is column 5 of 8; both divided by the scale 2.
        var row = table.AsSpan(((3 * 16) + 10) * 4, 4).ToArray();
        double[] expected = [Math.Sin(2.5), Math.Cos(2.5), Math.Sin(3), Math.Cos(3)];
        Assert.All(expected.Zip(row), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void Table_TellsAllSixViewsApart()
    {
        // A view is 4 x 4 tokens: the same place in two views must not get the same row.
        const int width = 16;
        var table = PositionTable.Build(width, new GridSize(12, 8), new GridSize(12, 8), 1);
        var corners = Enumerable.Range(0, 6)
            .Select(view => ((view / 2 * 4 * 8) + (view % 2 * 4)) * width)
            .Select(at => table.AsSpan(at, width).ToArray())
            .ToArray();

        foreach (var (i, j) in from i in Enumerable.Range(0, 6) from j in Enumerable.Range(0, i) select (i, j))
        {
            var distance = corners[i].Zip(corners[j], (a, b) => Math.Pow(a - b, 2)).Sum();
            Assert.True(distance > 0.5, $"views {i} and {j}: {distance}");
        }
    }

    [Fact]
    public void SampleSize_IsOneNumberOrRowsAndColumns()
    {
        using var square = System.Text.Json.JsonDocument.Parse(Json("16"));
        using var tall = System.Text.Json.JsonDocument.Parse(Json("[24, 16]"));

        Assert.Equal(new GridSize(16, 16), ConfigFile.Parse<TransformerConfig>(square.RootElement).SampleSize);
        Assert.Equal(new GridSize(24, 16), ConfigFile.Parse<TransformerConfig>(tall.RootElement).SampleSize);
    }

    [Fact]
    public void Forward_DependsOnWhereAPatchLies()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModels.Transformer();
        nn.init.constant_(model.get_parameter("proj_out.weight")!, 0.1);
        var y = model.call(ones(1, 3, 12, 8), ones(1, 4, 10), tensor(new long[] { 500 }), null);

        var (rowChange, columnChange) = ((y[0, 0, 0, 0] - y[0, 0, 6, 0]).abs(), (y[0, 0, 0, 0] - y[0, 0, 0, 4]).abs());
        Assert.True(rowChange.ToDouble() > 1e-3 && columnChange.ToDouble() > 1e-3);
    }

    private static string Json(string sampleSize) => $$"""
        {"num_attention_heads": 2, "attention_head_dim": 8, "in_channels": 4, "num_layers": 1, "caption_channels": 8,
         "sample_size": {{sampleSize}}}
        """;
}
