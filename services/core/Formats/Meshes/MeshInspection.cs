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
/// <param name="BoundaryLoopCount">Groups of boundary edges that hang together: the number of holes of a manifold surface.</param>
/// <param name="NonManifoldEdgeCount">Edges with more than two faces.</param>
/// <param name="NonManifoldVertexCount">Vertices on such an edge, or whose faces do not form one fan.</param>
/// <param name="ComponentCount">Pieces; faces that share a vertex belong together.</param>
/// <param name="EdgeComponentCount">Pieces when only faces that share an edge belong together.</param>
/// <param name="WindingConsistent">Whether neighbours run along their common edge in opposite directions.</param>
/// <param name="Orientable">Whether they can, after turning faces over; edges with more than two faces do not bind.</param>
/// <param name="RepeatedVertexFaceCount">Faces that name a vertex twice.</param>
/// <param name="DegenerateFaceCount">Faces without area, those that name a vertex twice included.</param>
/// <param name="DuplicateFaceCount">Faces with the same three vertices as an earlier one.</param>
/// <param name="Area">Surface area.</param>
/// <param name="SignedVolume">Enclosed volume; meaningful for closed meshes.</param>
public sealed record MeshInspection(
    int VertexCount,
    int FaceCount,
    int EdgeCount,
    int BoundaryEdgeCount,
    int BoundaryLoopCount,
    int NonManifoldEdgeCount,
    int NonManifoldVertexCount,
    int ComponentCount,
    int EdgeComponentCount,
    bool WindingConsistent,
    bool Orientable,
    int RepeatedVertexFaceCount,
    int DegenerateFaceCount,
    int DuplicateFaceCount,
    double Area,
    double SignedVolume)
{
    // Twice the area over the square of the longest side. Collinear corners come out below, the thinnest face of floats far above.
    private const double Flat = 1e-12;

    /// <summary>P - E + F: 2 for a sphere, 0 for a torus.</summary>
    public int EulerCharacteristic => VertexCount - EdgeCount + FaceCount;

    /// <summary>Whether each edge has exactly two faces, and there is one at all.</summary>
    public bool Closed => FaceCount > 0 && BoundaryEdgeCount == 0 && NonManifoldEdgeCount == 0;

    /// <summary>Whether no edge has more than two faces and each vertex's faces form one fan.</summary>
    public bool Manifold => NonManifoldEdgeCount == 0 && NonManifoldVertexCount == 0;

    /// <summary>Handles of all components together, (2 components - Euler) / 2; null unless closed, manifold and orientable.</summary>
    public int? Genus => Closed && Manifold && Orientable ? ((2 * ComponentCount) - EulerCharacteristic) / 2 : null;

    /// <summary>Inspects a mesh.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="weld">Whether vertices at the same place count as one, so that texture seams are no holes.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>The findings.</returns>
    public static MeshInspection Of(TriangleMesh mesh, bool weld = true, CancellationToken cancel = default)
    {
        var indices = weld ? Welded(mesh) : mesh.Indices;
        var faces = MeshEdges.ProperFaces(indices);
        var edges = MeshEdges.Of(indices, faces);
        var corners = new Groups(indices.Length);
        var pieces = new Groups(mesh.VertexCount);
        var sheets = new Groups(mesh.FaceCount);
        var loops = new Groups(mesh.VertexCount);
        var (boundary, crowded, consistent) = (new List<int>(), 0, true);
        var crowdedVertices = new HashSet<int>();
        for (var edge = 0; edge < edges.Count; edge++)
        {
            cancel.ThrowIfCancellationRequested();
            var sides = edges[edge];
            consistent &= sides.Length == 1 || (sides.Length == 2 && sides[0].Forward != sides[1].Forward);
            if (sides.Length == 1)
            {
                boundary.Add(sides[0].Low);
                loops.Join(sides[0].Low, sides[0].High);
            }
            else if (sides.Length > 2)
            {
                crowded++;
                crowdedVertices.UnionWith([sides[0].Low, sides[0].High]);
            }

            foreach (var side in sides[1..])
            {
                corners.Join(sides[0].LowCorner, side.LowCorner);
                corners.Join(sides[0].HighCorner, side.HighCorner);
                sheets.Join(sides[0].Face, side.Face);
            }
        }

        var fans = new Dictionary<int, int>(); // vertex -> root of its first corner
        foreach (var face in faces)
        {
            cancel.ThrowIfCancellationRequested();
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
            edges.Count,
            boundary.Count,
            boundary.Select(loops.Root).Distinct().Count(),
            crowded,
            crowdedVertices.Count,
            fans.Keys.Select(pieces.Root).Distinct().Count(),
            faces.Select(sheets.Root).Distinct().Count(),
            consistent,
            new FaceOrientation(edges, mesh.FaceCount).Orientable,
            mesh.FaceCount - faces.Length,
            flat,
            faces.Length - faces.Select(face => Sorted(indices.AsSpan(3 * face, 3))).Distinct().Count(),
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

    internal static (int, int, int) Sorted(ReadOnlySpan<int> face)
    {
        var (low, high) = (Math.Min(face[0], face[1]), Math.Max(face[0], face[1]));
        return face[2] < low ? (face[2], low, high) : face[2] < high ? (low, face[2], high) : (low, high, face[2]);
    }

    private static (double Area, double Volume, int Flat) Measure(TriangleMesh mesh)
    {
        var points = Vector3d.All(mesh.Positions);
        var (area, volume, flat) = (0.0, 0.0, 0);
        for (var face = 0; face < mesh.Indices.Length; face += 3)
        {
            var (a, b, c) = (points[mesh.Indices[face]], points[mesh.Indices[face + 1]], points[mesh.Indices[face + 2]]);
            var doubled = Vector3d.Cross(b - a, c - a).Length;
            var longest = Math.Max((b - a).LengthSquared, Math.Max((c - b).LengthSquared, (a - c).LengthSquared));
            area += doubled / 2;
            volume += Vector3d.Dot(a, Vector3d.Cross(b, c)) / 6;
            flat += doubled <= Flat * longest ? 1 : 0;
        }

        return (area, volume, flat);
    }
}
