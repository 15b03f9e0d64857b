using System.Numerics;

namespace Realiz3D.Mesh.Formats;

/// <summary>A welded mesh, and what was joined.</summary>
/// <param name="Mesh">The mesh, without vertices that no face has.</param>
/// <param name="MergedVertices">Vertices fewer than before.</param>
/// <param name="RemovedFaces">Faces that vanished, two of their corners having become one.</param>
public sealed record MeshWeldResult(TriangleMesh Mesh, int MergedVertices, int RemovedFaces);

/// <summary>Joins vertices that lie close to each other.</summary>
/// <remarks>
/// In their order, each vertex goes to the nearest place that was kept before within the tolerance, or is kept itself. Kept places lie
/// farther apart than the tolerance, so that a cell of a grid as wide as that holds few of them. Vertices at one place
/// that share texture coordinate and normal become one; others stay apart, so texture seams stay seams.
/// </remarks>
public static class MeshWelding
{
    private const int Stride = 4096; // vertices between two looks at the token

    /// <summary>Welds a mesh.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="tolerance">Farthest distance, in the mesh's unit; 0 for vertices at exactly the same place.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>A new mesh and the report.</returns>
    public static MeshWeldResult Weld(TriangleMesh mesh, double tolerance, CancellationToken cancel = default)
    {
        if (!(tolerance >= 0) || mesh.Fault() is not null)
        {
            throw new ArgumentException($"The mesh cannot be welded by {tolerance}: {mesh.Fault() ?? "the tolerance must not be negative."}");
        }

        var places = tolerance == 0 ? MeshInspection.FirstAtSamePlace(mesh) : Places(mesh, tolerance, cancel);
        var numbers = new Dictionary<(int Place, Vector2 Uv, Vector3 Normal), int>();
        var (positions, uvs, normals, indices) = (new List<float>(), new List<float>(), new List<float>(), new List<int>());
        for (var face = 0; face < mesh.Indices.Length; face += 3)
        {
            var corners = mesh.Indices.AsSpan(face, 3);
            var (a, b, c) = (places[corners[0]], places[corners[1]], places[corners[2]]);
            if (a == b || b == c || c == a)
            {
                continue;
            }

            foreach (var vertex in corners)
            {
                var uv = mesh.Uvs is { } u ? new Vector2(u[2 * vertex], u[(2 * vertex) + 1]) : default;
                var normal = mesh.Normals is { } n ? new Vector3(n.AsSpan(3 * vertex, 3)) : default;
                if (!numbers.TryGetValue((places[vertex], uv, normal), out var number))
                {
                    numbers[(places[vertex], uv, normal)] = number = numbers.Count;
                    positions.AddRange(mesh.Positions.AsSpan(3 * places[vertex], 3));
                    uvs.AddRange([uv.X, uv.Y]);
                    normals.AddRange([normal.X, normal.Y, normal.Z]);
                }

                indices.Add(number);
            }
        }

        var welded = new TriangleMesh(
            [.. positions], [.. indices], mesh.Uvs is null ? null : [.. uvs], mesh.Normals is null ? null : [.. normals]);
        return new MeshWeldResult(welded, mesh.VertexCount - welded.VertexCount, mesh.FaceCount - welded.FaceCount);
    }

    /// <summary>For each vertex the one whose place it takes.</summary>
    private static int[] Places(TriangleMesh mesh, double tolerance, CancellationToken cancel)
    {
        var cells = new Dictionary<Vector3d, List<int>>();
        var places = new int[mesh.VertexCount];
        for (var vertex = 0; vertex < places.Length; vertex++)
        {
            if (vertex % Stride == 0)
            {
                cancel.ThrowIfCancellationRequested();
            }

            var point = Vector3d.At(mesh.Positions, vertex);
            var cell = new Vector3d(Math.Floor(point.X / tolerance), Math.Floor(point.Y / tolerance), Math.Floor(point.Z / tolerance));
            var (best, least) = (vertex, tolerance * tolerance);
            for (var neighbour = 0; neighbour < 27; neighbour++)
            {
                var offset = new Vector3d((neighbour % 3) - 1, (neighbour / 3 % 3) - 1, (neighbour / 9) - 1);
                foreach (var kept in cells.GetValueOrDefault(cell + offset) ?? [])
                {
                    var distance = (Vector3d.At(mesh.Positions, kept) - point).LengthSquared;
                    (best, least) = distance <= least ? (kept, distance) : (best, least);
                }
            }

            places[vertex] = best;
            if (best == vertex)
            {
                if (!cells.TryGetValue(cell, out var members))
                {
                    cells[cell] = members = [];
                }

                members.Add(vertex);
            }
        }

        return places;
    }
}
