namespace Realiz3D.Mesh.Rendering;

/// <summary>A vertex in homogeneous pixel coordinates: column X / W and row Y / W from the top left corner.</summary>
/// <param name="X">Column times W.</param>
/// <param name="Y">Row times W.</param>
/// <param name="W">Distance along the view axis; 1 for flat drawings.</param>
public readonly record struct PixelVertex(double X, double Y, double W);

/// <summary>Receives the pixels whose centres a triangle covers.</summary>
public interface IFragmentVisitor
{
    /// <summary>One covered pixel.</summary>
    /// <param name="pixel">Row times width plus column.</param>
    /// <param name="u">Weight of the first corner, perspective-correct.</param>
    /// <param name="v">Weight of the second corner; the third has 1 - u - v.</param>
    /// <param name="depth">Distance along the view axis.</param>
    void Visit(int pixel, double u, double v, double depth);
}

/// <summary>Finds the pixels that a triangle covers, in double, without tensors.</summary>
/// <remarks>
/// With p_i = (X_i - x W_i, Y_i - y W_i) at the pixel centre (x, y):
/// <code>a0 = p1 x p2,  a1 = p2 x p0,  a2 = p0 x p1,   u = a0 / (a0 + a1 + a2),  v = a1 / (a0 + a1 + a2)</code>
/// Perspective-correct by itself, no clipping needed. Source: Olano and Greer 1997, "Triangle scan conversion using 2D
/// homogeneous coordinates". A centre exactly on an edge that two triangles share belongs to exactly one of them. In rows of wide boxes only
/// the columns between the edges are looked at: a sliver from corner to corner would cost the whole image otherwise.
/// </remarks>
public static class TriangleScan
{
    private const int WideColumns = 16;
    private const double Rounding = 1e-12; // of the terms of an edge function

    /// <summary>Visits every pixel whose centre lies in the triangle, whichever way round it is.</summary>
    /// <param name="a">First corner.</param>
    /// <param name="b">Second corner.</param>
    /// <param name="c">Third corner.</param>
    /// <param name="size">Width and height of the image.</param>
    /// <param name="visitor">Receives the pixels.</param>
    /// <typeparam name="TVisitor">What is done with a pixel.</typeparam>
    public static void Visit<TVisitor>(PixelVertex a, PixelVertex b, PixelVertex c, int size, ref TVisitor visitor)
        where TVisitor : IFragmentVisitor
    {
        var (left, right) = Range(a.X, b.X, c.X, a.W, b.W, c.W, size);
        var (top, bottom) = Range(a.Y, b.Y, c.Y, a.W, b.W, c.W, size);
        for (var row = top; row <= bottom; row++)
        {
            var (first, last) = right - left < WideColumns ? (left, right) : Columns(a, b, c, row + 0.5, left, right);
            for (var column = first; column <= last; column++)
            {
                var (x, y) = (column + 0.5, row + 0.5);
                var (ax, ay) = (a.X - (x * a.W), a.Y - (y * a.W));
                var (bx, by) = (b.X - (x * b.W), b.Y - (y * b.W));
                var (cx, cy) = (c.X - (x * c.W), c.Y - (y * c.W));
                var (a0, a1, a2) = ((bx * cy) - (by * cx), (cx * ay) - (cy * ax), (ax * by) - (ay * bx));
                var sum = a0 + a1 + a2;
                if (sum == 0 || !Inside(a0, sum, b, c) || !Inside(a1, sum, c, a) || !Inside(a2, sum, a, b))
                {
                    continue;
                }

                var (u, v) = (a0 / sum, a1 / sum);
                var depth = (u * a.W) + (v * b.W) + ((1 - u - v) * c.W);
                if (depth > 0)
                {
                    visitor.Visit((row * size) + column, u, v, depth);
                }
            }
        }
    }

    // Columns in which the three edge functions, linear along the row, can have one sign, either one.
    private static (int First, int Last) Columns(PixelVertex a, PixelVertex b, PixelVertex c, double y, int left, int right)
    {
        ReadOnlySpan<(double At, double Slope, double Slack)> edges = [Edge(b, c, y, right), Edge(c, a, y, right), Edge(a, b, y, right)];
        var (first, last) = (right + 1, left - 1);
        for (var sign = -1; sign <= 1; sign += 2)
        {
            var (low, high) = (left + 0.5, right + 0.5);
            foreach (var (at, slope, slack) in edges)
            {
                var (value, fall) = ((sign * at) + slack, sign * slope);    // value - x fall >= 0
                high = fall > 0 ? Math.Min(high, value / fall) : value < 0 && fall == 0 ? double.NegativeInfinity : high;
                low = fall < 0 ? Math.Max(low, value / fall) : low;
            }

            if (low <= high + 1)
            {
                first = Math.Min(first, Math.Max(left, (int)Math.Floor(low - 0.5)));
                last = Math.Max(last, Math.Min(right, (int)Math.Ceiling(high - 0.5)));
            }
        }

        return (first, last);
    }

    // An edge function along a row: at x it is At - x Slope, and no farther off than Slack.
    private static (double At, double Slope, double Slack) Edge(PixelVertex p, PixelVertex q, double y, int right)
    {
        var (py, qy) = (p.Y - (y * p.W), q.Y - (y * q.W));
        var (at, slope) = ((p.X * qy) - (py * q.X), (p.W * qy) - (py * q.W));
        var terms = Math.Abs(p.X * qy) + Math.Abs(py * q.X) + ((right + 1) * (Math.Abs(p.W * qy) + Math.Abs(py * q.W)));
        return (at, slope, Rounding * terms);
    }

    // On the edge itself, the neighbour sees the same edge the other way round, so that one of the two says yes.
    private static bool Inside(double area, double sum, PixelVertex from, PixelVertex to)
    {
        if (area != 0)
        {
            return area > 0 == sum > 0;
        }

        var (dx, dy) = ((to.X / to.W) - (from.X / from.W), (to.Y / to.W) - (from.Y / from.W));
        var forward = dy > 0 || (dy == 0 && dx > 0);
        return forward == sum > 0;
    }

    // Pixels whose centres can lie between the smallest and largest projected coordinate; all of them when a corner
    // lies behind the eye.
    private static (int First, int Last) Range(
        double a, double b, double c, double wa, double wb, double wc, int size)
    {
        if (wa <= 0 || wb <= 0 || wc <= 0)
        {
            return (0, size - 1);
        }

        var low = Math.Min(a / wa, Math.Min(b / wb, c / wc));
        var high = Math.Max(a / wa, Math.Max(b / wb, c / wc));
        return ((int)Math.Clamp(Math.Ceiling(low - 0.5), 0, size), (int)Math.Clamp(Math.Floor(high - 0.5), -1, size - 1));
    }
}
