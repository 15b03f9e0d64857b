using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Finds the faces that lie on top of others in a texture.</summary>
/// <remarks>
/// Sampled at three by three points per texel, texel centres among them. Faces are drawn in the order in which they joined
/// their chart; one that hits a point twice covered is the one on top.
/// </remarks>
internal static class OverlapFinder
{
    private const int SamplesPerSide = 3;

    public static HashSet<int> Find(TriangleMesh mesh, List<Chart> charts, int textureSize, CancellationToken cancel = default)
    {
        var size = textureSize * SamplesPerSide;
        var places = FragmentBuffer.TexturePlaces(mesh, size);
        var taken = new bool[size * size];
        var stacked = new HashSet<int>();
        foreach (var face in charts.SelectMany(chart => chart.Faces))
        {
            cancel.ThrowIfCancellationRequested();
            var visitor = new Marker(taken, []);
            TriangleScan.Visit(
                places[mesh.Indices[3 * face]], places[mesh.Indices[(3 * face) + 1]], places[mesh.Indices[(3 * face) + 2]],
                size, ref visitor);
            if (visitor.Hit)
            {
                stacked.Add(face);
            }
            else
            {
                visitor.Commit();
            }
        }

        return stacked;
    }

    private struct Marker(bool[] taken, List<int> covered) : IFragmentVisitor
    {
        public bool Hit { get; private set; }

        public readonly void Commit()
        {
            foreach (var pixel in covered)
            {
                taken[pixel] = true;
            }
        }

        public void Visit(int pixel, double u, double v, double depth)
        {
            Hit |= taken[pixel];
            covered.Add(pixel);
        }
    }
}
