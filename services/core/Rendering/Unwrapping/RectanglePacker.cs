namespace Realiz3D.Mesh.Rendering;

/// <summary>Packs rectangles into a square, lowest place first.</summary>
/// <remarks>
/// Skyline bottom-left: the upper outline of what is packed is a list of level pieces; each rectangle, tallest first,
/// goes where its top ends up lowest. Source: Jylänki 2010, "A thousand ways to pack the bin", section 2.4.
/// </remarks>
internal static class RectanglePacker
{
    /// <summary>Places every rectangle, or says that they do not fit.</summary>
    /// <param name="sizes">Width and height of each.</param>
    /// <param name="side">Side of the square.</param>
    /// <returns>Left and top of each; null when they do not fit.</returns>
    public static (int X, int Y)[]? Pack(IReadOnlyList<(int Width, int Height)> sizes, int side)
    {
        var places = new (int X, int Y)[sizes.Count];
        var skyline = new List<(int X, int Y)> { (0, 0), (side, int.MaxValue) }; // the last piece is the right wall
        foreach (var index in Enumerable.Range(0, sizes.Count)
            .OrderByDescending(i => sizes[i].Height).ThenByDescending(i => sizes[i].Width).ThenBy(i => i))
        {
            var (width, height) = sizes[index];
            var best = (Piece: -1, Top: int.MaxValue);
            for (var piece = 0; piece < skyline.Count - 1; piece++)
            {
                var floor = Floor(skyline, piece, width, side);
                if (floor <= side - height && floor + height < best.Top)
                {
                    best = (piece, floor + height);
                }
            }

            if (best.Piece < 0)
            {
                return null;
            }

            places[index] = (skyline[best.Piece].X, best.Top - height);
            Raise(skyline, best.Piece, width, best.Top);
        }

        return places;
    }

    // The highest level below a rectangle whose left side stands at a piece's start.
    private static int Floor(List<(int X, int Y)> skyline, int piece, int width, int side)
    {
        var right = skyline[piece].X + width;
        if (right > side)
        {
            return int.MaxValue;
        }

        var floor = 0;
        for (var i = piece; skyline[i].X < right; i++)
        {
            floor = Math.Max(floor, skyline[i].Y);
        }

        return floor;
    }

    private static void Raise(List<(int X, int Y)> skyline, int piece, int width, int top)
    {
        var (left, right) = (skyline[piece].X, skyline[piece].X + width);
        var covered = skyline[piece].Y;
        var end = piece;
        while (skyline[end].X < right)
        {
            covered = skyline[end].Y;
            end++;
        }

        skyline.RemoveRange(piece, end - piece);
        skyline.Insert(piece, (left, top));
        if (skyline[piece + 1].X > right)
        {
            skyline.Insert(piece + 1, (right, covered));
        }
    }
}
