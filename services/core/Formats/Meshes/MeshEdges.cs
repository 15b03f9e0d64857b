namespace Realiz3D.Mesh.Formats;

/// <summary>One side of a face, from the corner with the lower vertex to the one with the higher.</summary>
/// <param name="Key">Both vertices, the lower one in the upper half.</param>
/// <param name="Forward">Whether the face runs from the lower to the higher vertex.</param>
/// <param name="LowCorner">Corner, 0 to 3F-1, at the lower vertex.</param>
/// <param name="HighCorner">Corner at the higher vertex.</param>
internal readonly record struct FaceSide(long Key, bool Forward, int LowCorner, int HighCorner)
{
    public int Low => (int)(Key >> 32);

    public int High => (int)(uint)Key;

    public int Face => LowCorner / 3;
}

/// <summary>The undirected edges of a mesh, each with the sides of all faces at it.</summary>
internal sealed class MeshEdges
{
    private readonly FaceSide[] _sides;
    private readonly int[] _starts; // of each edge, and the end

    private MeshEdges(FaceSide[] sides, int[] starts) => (_sides, _starts) = (sides, starts);

    public int Count => _starts.Length - 1;

    /// <summary>The sides at an edge, in the order of their faces.</summary>
    public ReadOnlySpan<FaceSide> this[int edge] => _sides.AsSpan(_starts[edge].._starts[edge + 1]);

    /// <param name="indices">Three vertices per face, [3F].</param>
    /// <param name="faces">Faces to look at, each with three different vertices.</param>
    public static MeshEdges Of(int[] indices, int[] faces)
    {
        var sides = new FaceSide[3 * faces.Length];
        for (var i = 0; i < sides.Length; i++)
        {
            var (from, to) = ((3 * faces[i / 3]) + (i % 3), (3 * faces[i / 3]) + ((i + 1) % 3));
            var forward = indices[from] < indices[to];
            var (low, high) = forward ? (from, to) : (to, from);
            sides[i] = new FaceSide(((long)indices[low] << 32) | (uint)indices[high], forward, low, high);
        }

        Array.Sort(sides, (a, b) => a.Key != b.Key ? a.Key.CompareTo(b.Key) : a.LowCorner.CompareTo(b.LowCorner));
        var starts = new List<int>(sides.Length / 2);
        for (var i = 0; i < sides.Length; i++)
        {
            if (i == 0 || sides[i].Key != sides[i - 1].Key)
            {
                starts.Add(i);
            }
        }

        return new MeshEdges(sides, [.. starts, sides.Length]);
    }

    /// <summary>Faces with three different vertices.</summary>
    public static int[] ProperFaces(int[] indices) =>
        [.. Enumerable.Range(0, indices.Length / 3).Where(face => IsProper(indices.AsSpan(3 * face, 3)))];

    private static bool IsProper(ReadOnlySpan<int> face) => face[0] != face[1] && face[1] != face[2] && face[2] != face[0];
}
