namespace Realiz3D.Mesh.Rendering.Tests;

public sealed class TriangleScanTests
{
    private const int Size = 96;

    [Theory]
    [InlineData(1, 400)]        // any triangles
    [InlineData(2, 400)]        // in perspective
    [InlineData(3, 400)]        // slivers
    [InlineData(4, 100)]        // on one line
    [InlineData(5, 200)]        // with a corner behind the eye
    public void Visit_EqualsEveryPixelTried(int kind, int count)
    {
        var random = new Random(kind);
        var hits = 0;
        for (var i = 0; i < count; i++)
        {
            var (a, b, c) = Triangle(kind, random);
            var visitor = new Visited([]);

            TriangleScan.Visit(a, b, c, Size, ref visitor);

            var wanted = Enumerable.Range(0, Size * Size).Where(pixel => Covers(a, b, c, pixel)).ToArray();
            Assert.Equal(wanted, visitor.Pixels);
            hits += wanted.Length;
        }

        Assert.True(hits > 100 || kind == 4, $"{hits} pixels");
    }

    // Coordinates are multiples of 1/2 and small, so that doubles are exact.
    private static (PixelVertex A, PixelVertex B, PixelVertex C) Triangle(int kind, Random random)
    {
        PixelVertex Any(int w) => new(random.Next(-40, 2 * Size + 40) * w / 2.0, random.Next(-40, 2 * Size + 40) * w / 2.0, w);
        var (a, b) = (Any(kind == 2 ? random.Next(1, 5) : 1), Any(kind == 2 ? random.Next(1, 5) : 1));
        return kind switch
        {
            3 => (a, b, new PixelVertex(b.X + random.Next(-1, 2) / 2.0, b.Y + 0.5, 1)),
            4 => (a, b, new PixelVertex((2 * b.X) - a.X, (2 * b.Y) - a.Y, 1)),
            5 => (a, b, Any(-1)),
            _ => (a, b, Any(kind == 2 ? random.Next(1, 5) : 1)),
        };
    }

    // The definition: the three edge functions have the sign of their sum, on an edge its lower or right side counts.
    private static bool Covers(PixelVertex a, PixelVertex b, PixelVertex c, int pixel)
    {
        var (x, y) = ((pixel % Size) + 0.5, (pixel / Size) + 0.5);
        double Function(PixelVertex p, PixelVertex q) =>
            ((p.X - (x * p.W)) * (q.Y - (y * q.W))) - ((p.Y - (y * p.W)) * (q.X - (x * q.W)));
        var (a0, a1, a2) = (Function(b, c), Function(c, a), Function(a, b));
        var sum = a0 + a1 + a2;
        bool In(double area, PixelVertex from, PixelVertex to)
        {
            var (dx, dy) = ((to.X / to.W) - (from.X / from.W), (to.Y / to.W) - (from.Y / from.W));
            return (area != 0 ? area > 0 : dy > 0 || (dy == 0 && dx > 0)) == sum > 0;
        }

        return sum != 0 && In(a0, b, c) && In(a1, c, a) && In(a2, a, b)
            && (a0 * a.W) + (a1 * b.W) + (a2 * c.W) is var depth && depth != 0 && depth > 0 == sum > 0;
    }

    private readonly struct Visited(List<int> pixels) : IFragmentVisitor
    {
        public List<int> Pixels { get; } = pixels;

        public void Visit(int pixel, double u, double v, double depth) => Pixels.Add(pixel);
    }
}
