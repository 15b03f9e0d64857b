namespace Realiz3D.Mesh.Training;

/// <summary>Draws a loss curve: steps across, the logarithm of the loss up, gray lines at 1, 2 and 5 times powers of ten.</summary>
internal static class CurvePicture
{
    private const int Width = 640;
    private const int Height = 360;

    /// <param name="curve">Step and loss, by step.</param>
    /// <returns>The picture.</returns>
    public static Picture Draw(IReadOnlyList<(int Step, double Loss)> curve)
    {
        var picture = new Picture(Width, Height, 255);
        var low = Math.Log10(curve.Min(point => Math.Max(point.Loss, 1e-6))) - 0.05;
        var high = Math.Log10(curve.Max(point => Math.Max(point.Loss, 1e-6))) + 0.05;
        int Row(double log) => (int)((high - log) / (high - low) * (Height - 1));
        for (var power = (int)Math.Floor(low); power <= high; power++)
        {
            foreach (var digit in new[] { 1, 2, 5 })
            {
                var y = Row(power + Math.Log10(digit));
                for (var x = 0; x < Width; x += 2)
                {
                    picture.Set(x, y, (200, 200, 200));
                }
            }
        }

        for (var i = 1; i < curve.Count; i++)
        {
            Line(picture, Point(curve[i - 1]), Point(curve[i]));
        }

        return picture;

        (int X, int Y) Point((int Step, double Loss) at) =>
            ((int)((double)at.Step / curve[^1].Step * (Width - 1)), Row(Math.Log10(Math.Max(at.Loss, 1e-6))));
    }

    private static void Line(Picture picture, (int X, int Y) from, (int X, int Y) to)
    {
        var steps = Math.Max(1, Math.Max(Math.Abs(to.X - from.X), Math.Abs(to.Y - from.Y)));
        for (var i = 0; i <= steps; i++)
        {
            var share = (double)i / steps;
            var x = (int)Math.Round(from.X + (share * (to.X - from.X)));
            var y = (int)Math.Round(from.Y + (share * (to.Y - from.Y)));
            picture.Set(x, y, (30, 60, 160));
            picture.Set(x, y + 1, (30, 60, 160));
        }
    }
}
