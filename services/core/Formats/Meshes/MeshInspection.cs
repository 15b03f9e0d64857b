using System.Numerics;

namespace Realiz3D.Mesh.Formats;

/// <summary>What a look at a mesh's vertices, edges and faces finds.</summary>
/// <remarks>
/// Edges are undirected. A face that names a vertex twice has no interior: it is counted, and otherwise left out.
/// Volume: sum of det(a, b, c) / 6 over faces, positive for counter-clockwise faces seen from outside.
/// </remarks>
/// <param name="VertexCount">Vertices that a face refers to, P.</param>
/// <param name="FaceCount">Triangles with three different vertices, F.</param>
/// <param name="EdgeCount">Undirected edges, E.</param>
/// <param name="BoundaryEdgeCount">Edges with one face.</param>
/// <param name="NonManifoldEdgeCount">Edges with more than two faces.</param>
/// <param name="NonManifoldVertexCount">Vertices on such an edge, or whose faces do not form one fan.</param>
/// <param name="ComponentCount">Pieces; faces that share a vertex belong together.</param>
/// <param name="WindingConsistent">Whether neighbours run along their common edge in opposite directions.</param>
/// <param name="DegenerateFaceCount">Faces without area.</param>
/// <param name="Area">Surface area.</param>
/// <param name="SignedVolume">Enclosed volume; meaningful for closed meshes.</param>
public sealed record MeshInspection(
    int VertexCount,
    int FaceCount,
    int EdgeCount,
    int BoundaryEdgeCount,
    int NonManifoldEdgeCount,
    int NonManifoldVertexCount,
    int ComponentCount,
    bool WindingConsistent,
    int DegenerateFaceCount,
    double Area,
    double SignedVolume)
{
    /// <summary>P - E + F: 2 for a sphere, 0 for a torus.</summary>
    public int EulerCharacteristic => VertexCount - EdgeCount + FaceCount;

    /// <summary>Whether each edge has exactly two faces, and there is one at all.</summary>
    public bool Closed => FaceCount > 0 && BoundaryEdgeCount == 0 && NonManifoldEdgeCount == 0;

    /// <summary>Whether no edge has more than two faces and each vertex's faces form one fan.</summary>
    public bool Manifold => NonManifoldEdgeCount == 0 && NonManifoldVertexCount == 0;

    /// <summary>Inspects a mesh.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="weld">Whether vertices at the same place count as one, so that texture seams are no holes.</param>
    /// <returns>The findings.</returns>
    public static MeshInspection Of(TriangleMesh mesh, bool weld = true)
    {
        var indices = weld ? Welded(mesh) : mesh.Indices;
        int[] faces = [.. Enumerable.Range(0, mesh.FaceCount).Where(face => IsProper(indices, face))];
        var edges = EdgesOf(indices, faces);
        var corners = new Groups(mesh.Indices.Length);
        var pieces = new Groups(mesh.VertexCount);
        var (edgeCount, boundary, crowded, consistent) = (0, 0, 0, true);
        var crowdedVertices = new HashSet<int>();
        for (var start = 0; start < edges.Length;)
        {
            var end = start + 1;
            while (end < edges.Length && edges[end].Key == edges[start].Key)
            {
                end++;
            }

            edgeCount++;
            boundary += end - start == 1 ? 1 : 0;
            consistent &= end - start <= 2 && (end - start == 1 || edges[start].Forward != edges[start + 1].Forward);
            if (end - start > 2)
            {
                crowded++;
                crowdedVertices.Add((int)(edges[start].Key >> 32));
                crowdedVertices.Add((int)(uint)edges[start].Key);
            }

            for (var i = start + 1; i < end; i++)
            {
                corners.Join(edges[start].LowCorner, edges[i].LowCorner);
                corners.Join(edges[start].HighCorner, edges[i].HighCorner);
            }

            start = end;
        }

        var fans = new Dictionary<int, int>(); // vertex -> root of its first corner
        foreach (var face in faces)
        {
            for (var corner = 3 * face; corner < (3 * face) + 3; corner++)
            {
                pieces.Join(indices[3 * face], indices[corner]);
                if (fans.TryGetValue(indices[corner], out var fan) && fan != corners.Root(corner))
                {
                    crowdedVertices.Add(indices[corner]);
                }

                fans[indices[corner]] = corners.Root(corner);
            }
        }

        var (area, volume, flat) = Measure(mesh);
        return new MeshInspection(
            fans.Count,
            faces.Length,
            edgeCount,
            boundary,
            crowded,
            crowdedVertices.Count,
            fans.Keys.Select(pieces.Root).Distinct().Count(),
            consistent,
            flat,
            area,
            volume);
    }

    /// <summary>Indices in which every vertex is replaced by the first one at exactly the same place.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <returns>[3F].</returns>
    public static int[] Welded(TriangleMesh mesh)
    {
        var same = FirstAtSamePlace(mesh);
        return Array.ConvertAll(mesh.Indices, index => same[index]);
    }

    internal static int[] FirstAtSamePlace(TriangleMesh mesh)
    {
        var first = new Dictionary<Vector3, int>(mesh.VertexCount);
        var same = new int[mesh.VertexCount];
        for (var vertex = 0; vertex < same.Length; vertex++)
        {
            var place = mesh.Position(vertex) + Vector3.Zero; // -0 and 0 are one place
            same[vertex] = first.TryGetValue(place, out var earlier) ? earlier : vertex;
            first.TryAdd(place, vertex);
        }

        return same;
    }

    private static bool IsProper(int[] indices, int face)
    {
        var (a, b, c) = (indices[3 * face], indices[(3 * face) + 1], indices[(3 * face) + 2]);
        return a != b && b != c && c != a;
    }

    private static Edge[] EdgesOf(int[] indices, int[] faces)
    {
        var edges = new Edge[3 * faces.Length];
        for (var i = 0; i < edges.Length; i++)
        {
            var (from, to) = ((3 * faces[i / 3]) + (i % 3), (3 * faces[i / 3]) + ((i + 1) % 3));
            var forward = indices[from] < indices[to];
            var (low, high) = forward ? (from, to) : (to, from);
            edges[i] = new Edge(((long)indices[low] << 32) | (uint)indices[high], forward, low, high);
        }

        Array.Sort(edges, (a, b) => a.Key.CompareTo(b.Key));
        return edges;
    }

    private static (double Area, double Volume, int Flat) Measure(TriangleMesh mesh)
    {
        var (area, volume, flat) = (0.0, 0.0, 0);
        for (var face = 0; face < mesh.FaceCount; face++)
        {
            var a = mesh.Position(mesh.Indices[3 * face]);
            var b = mesh.Position(mesh.Indices[(3 * face) + 1]);
            var c = mesh.Position(mesh.Indices[(3 * face) + 2]);
            var doubled = Vector3.Cross(b - a, c - a).Length();
            area += doubled / 2.0;
            volume += Vector3.Dot(a, Vector3.Cross(b, c)) / 6.0;
            flat += doubled > 0 ? 0 : 1;
        }

        return (area, volume, flat);
    }

    private readonly record struct Edge(long Key, bool Forward, int LowCorner, int HighCorner);
}
