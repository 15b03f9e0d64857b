namespace Realiz3D.Mesh.Formats;

/// <summary>A tree of boxes round the faces of a mesh: halves of the faces by their middle along the widest extent.</summary>
/// <remarks>A parent's number is smaller than its children's, so that sums over subtrees go through the nodes backwards.</remarks>
internal sealed class FaceTree
{
    private const int LeafSize = 4;

    private readonly List<Node> _nodes = [];
    private readonly Vector3d[] _middles;

    public FaceTree(Vector3d[] points, int[] indices)
    {
        (Points, Indices) = (points, indices);
        Faces = [.. Enumerable.Range(0, indices.Length / 3)];
        _middles = Array.ConvertAll(Faces, face => (Corner(face, 0) + Corner(face, 1) + Corner(face, 2)) / 3);
        if (Faces.Length > 0)
        {
            Build(0, Faces.Length);
        }

        Nodes = [.. _nodes];
    }

    public Vector3d[] Points { get; }

    public int[] Indices { get; }

    /// <summary>The faces in the tree's order; a node names a range of them.</summary>
    public int[] Faces { get; }

    public Node[] Nodes { get; }

    public Vector3d Corner(int face, int corner) => Points[Indices[(3 * face) + corner]];

    /// <summary>Twice the area vector of a face.</summary>
    public Vector3d Cross(int face) => Vector3d.Cross(Corner(face, 1) - Corner(face, 0), Corner(face, 2) - Corner(face, 0));

    private int Build(int start, int end)
    {
        var (low, high) = (Corner(Faces[start], 0), Corner(Faces[start], 0));
        for (var i = 3 * start; i < 3 * end; i++)
        {
            var corner = Corner(Faces[i / 3], i % 3);
            (low, high) = (Vector3d.Min(low, corner), Vector3d.Max(high, corner));
        }

        var number = _nodes.Count;
        _nodes.Add(new Node(low, high, start, end, -1));
        if (end - start > LeafSize)
        {
            var extent = high - low;
            var axis = extent.X >= extent.Y && extent.X >= extent.Z ? 0 : extent.Y >= extent.Z ? 1 : 2;
            Faces.AsSpan(start, end - start).Sort((a, b) => _middles[a][axis].CompareTo(_middles[b][axis]));
            var middle = (start + end) / 2;
            Build(start, middle);
            _nodes[number] = _nodes[number] with { Right = Build(middle, end) };
        }

        return number;
    }

    /// <summary>Faces <paramref name="Start"/> to <paramref name="End"/>; the left child follows its parent, leaves have no right one.</summary>
    internal readonly record struct Node(Vector3d Low, Vector3d High, int Start, int End, int Right)
    {
        public bool IsLeaf => Right < 0;

        public bool Touches(Node other) =>
            Low.X <= other.High.X && Low.Y <= other.High.Y && Low.Z <= other.High.Z
            && other.Low.X <= High.X && other.Low.Y <= High.Y && other.Low.Z <= High.Z;

        public double SquaredDistance(Vector3d place)
        {
            var outside = Vector3d.Max(Vector3d.Max(Low - place, place - High), Vector3d.Zero);
            return outside.LengthSquared;
        }
    }
}
