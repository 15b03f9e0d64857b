using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>A chart drawn flat: its vertices' places in metres, turned to fill their rectangle well.</summary>
/// <param name="Chart">The chart.</param>
/// <param name="Vertices">Vertices of the mesh, in order of first use.</param>
/// <param name="Places">Place of each, both coordinates from 0; the second grows downwards.</param>
/// <param name="Extent">Largest place.</param>
internal sealed record FlatChart(Chart Chart, int[] Vertices, Vector2[] Places, Vector2 Extent)
{
    private const int Turns = 30; // 3 degrees apart

    public static FlatChart Of(Chart chart, TriangleMesh mesh, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        int[] vertices =
            [.. chart.Faces.SelectMany(face => mesh.Indices.AsSpan(3 * face, 3).ToArray()).Distinct()];
        var across = Vector3.Normalize(Vector3.Cross(
            Math.Abs(chart.Axis.Y) < 0.9f ? Vector3.UnitY : Vector3.UnitZ, chart.Axis));
        var up = Vector3.Cross(chart.Axis, across);
        var flat = Array.ConvertAll(vertices, vertex => mesh.Position(vertex))
            .Select(point => new Vector2(Vector3.Dot(point, across), -Vector3.Dot(point, up)))
            .ToArray();

        var best = (Area: float.PositiveInfinity, Turn: Matrix3x2.Identity);
        for (var turn = 0; turn < Turns; turn++)
        {
            var rotation = Matrix3x2.CreateRotation(turn * MathF.PI / 2 / Turns);
            var (low, high) = Bounds(flat, rotation);
            var area = (high.X - low.X) * (high.Y - low.Y);
            best = area < best.Area * 0.999f ? (area, rotation) : best;
        }

        var (corner, far) = Bounds(flat, best.Turn);
        if (far.Y - corner.Y > far.X - corner.X) // lie down: the packer goes by height
        {
            best.Turn *= Matrix3x2.CreateRotation(MathF.PI / 2);
            (corner, far) = Bounds(flat, best.Turn);
        }

        return new FlatChart(
            chart, vertices, Array.ConvertAll(flat, place => Vector2.Transform(place, best.Turn) - corner), far - corner);
    }

    private static (Vector2 Low, Vector2 High) Bounds(Vector2[] places, Matrix3x2 turn)
    {
        var (low, high) = (new Vector2(float.PositiveInfinity), new Vector2(float.NegativeInfinity));
        foreach (var place in places)
        {
            var turned = Vector2.Transform(place, turn);
            (low, high) = (Vector2.Min(low, turned), Vector2.Max(high, turned));
        }

        return (low, high);
    }
}

/// <summary>Finds the largest scale at which all charts fit the texture, and their places there.</summary>
internal static class ChartLayout
{
    /// <summary>Scale in texels per metre and the texel at which each chart begins; null when nothing fits.</summary>
    public static (double Scale, (int X, int Y)[] Places)? Fit(
        List<FlatChart> charts, int size, int padding, CancellationToken cancel = default)
    {
        var area = charts.Sum(chart => (double)chart.Extent.X * chart.Extent.Y);
        var (low, high) = (0.0, 1.2 * size / Math.Sqrt(Math.Max(area, 1e-12)));
        (double, (int, int)[])? best = null;
        for (var step = 0; step < 14; step++)
        {
            cancel.ThrowIfCancellationRequested();
            var scale = (low + high) / 2;
            var sizes = charts.ConvertAll(chart => (
                (int)Math.Ceiling(chart.Extent.X * scale) + 1 + padding, (int)Math.Ceiling(chart.Extent.Y * scale) + 1 + padding));
            if (RectanglePacker.Pack(sizes, size - padding) is { } places)
            {
                best = (scale, Array.ConvertAll(places, place => (place.X + padding, place.Y + padding)));
                low = scale;
            }
            else
            {
                high = scale;
            }
        }

        return best;
    }
}
