using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Benchmarks.Generation;

/// <summary>Joins the sheets of many jobs to one picture, two side by side, each half as wide and high.</summary>
internal static class SheetOfSheets
{
    private const int Columns = 2;

    /// <summary>Joins PNG files of one size.</summary>
    /// <param name="files">Paths, left to right, then down.</param>
    /// <returns>A PNG.</returns>
    public static byte[] Join(IReadOnlyList<string> files)
    {
        var sheets = files.Select(file => Png.Read(File.ReadAllBytes(file), file)).ToList();
        var (width, height) = (sheets[0].Width / 2, sheets[0].Height / 2);
        var rows = (sheets.Count + Columns - 1) / Columns;
        var joined = new byte[3 * width * Columns * height * rows];
        for (var i = 0; i < sheets.Count; i++)
        {
            var (left, top, source) = (i % Columns * width, i / Columns * height, sheets[i].ToRgba());
            for (var pixel = 0; pixel < width * height; pixel++)
            {
                var (x, y) = (pixel % width, pixel / width);
                for (var channel = 0; channel < 3; channel++)
                {
                    // The mean of a block of two by two.
                    int At(int dx, int dy) => source[(4 * (((((2 * y) + dy) * sheets[i].Width) + (2 * x) + dx))) + channel];
                    joined[(3 * (((top + y) * width * Columns) + left + x)) + channel] = (byte)((At(0, 0) + At(1, 0) + At(0, 1) + At(1, 1) + 2) / 4);
                }
            }
        }

        return Png.Write(joined, width * Columns, height * rows, 3);
    }
}
