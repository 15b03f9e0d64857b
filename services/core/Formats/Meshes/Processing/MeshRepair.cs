namespace Realiz3D.Mesh.Formats;

/// <summary>What a repair may do.</summary>
/// <param name="SmallestComponent">Components with less than this share of the largest one's area go, 0 to keep all.</param>
/// <param name="LongestHole">Holes of at most this many edges are closed, 0 to close none.</param>
public sealed record MeshRepairConfig(double SmallestComponent = 0.01, int LongestHole = 100);

/// <summary>A repaired mesh, and what was done to it.</summary>
/// <param name="Mesh">Positions and faces; texture coordinates and normals do not survive a repair.</param>
/// <param name="DegenerateFaces">Faces without area that went.</param>
/// <param name="DuplicateFaces">Second copies of faces that went.</param>
/// <param name="SurplusFaces">Faces that went because an edge of theirs had two larger ones already.</param>
/// <param name="FlippedFaces">Faces turned over, against their neighbours or inside out.</param>
/// <param name="RemovedComponents">Small pieces that went.</param>
/// <param name="FilledHoles">Holes that were closed.</param>
/// <param name="OpenHoles">Holes that are left: too long, or without a surface that fits.</param>
public sealed record MeshRepairResult(
    TriangleMesh Mesh,
    int DegenerateFaces,
    int DuplicateFaces,
    int SurplusFaces,
    int FlippedFaces,
    int RemovedComponents,
    int FilledHoles,
    int OpenHoles)
{
    /// <summary>Faces that went by themselves, not with their component.</summary>
    public int RemovedFaces => DegenerateFaces + DuplicateFaces + SurplusFaces;
}

/// <summary>Makes meshes from outside fit for use.</summary>
/// <remarks>
/// 1. vertices at the same place become one  2. faces without area, second copies and surplus faces go  3. small components go
/// 4. neighbours agree and closed components look outwards  5. holes are closed, without faces that have no area  6. unused vertices go.
/// </remarks>
public static class MeshRepair
{
    /// <summary>Repairs a mesh.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="config">What may be done; the defaults when null.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>A new mesh and the report.</returns>
    public static MeshRepairResult Repair(TriangleMesh mesh, MeshRepairConfig? config = null, CancellationToken cancel = default)
    {
        config ??= new MeshRepairConfig();
        if (mesh.Fault() is { } fault)
        {
            throw new ArgumentException($"The mesh cannot be repaired: {fault}", nameof(mesh));
        }

        // 1. and 2.
        var points = Vector3d.All(mesh.Positions);
        var (faces, degenerate, duplicate, surplus) = Clean(MeshInspection.Welded(mesh), points, cancel);

        // 3. small components
        (faces, var pieces) = DropSmall(faces, points, config.SmallestComponent);

        // 4. orientation
        cancel.ThrowIfCancellationRequested();
        var flipped = Orient(faces, points);

        // 5. holes
        var filler = new HoleFilling(points, faces);
        var (filled, open) = filler.Fill(config.LongestHole, cancel);
        int[] whole = [.. faces, .. filler.NewFaces];
        FlatFaces.Turn(points, whole, first: faces.Length, cancel);
        flipped += filled > 0 ? Orient(whole, points) : 0; // what is closed now has an outside

        // 6. unused vertices
        var repaired = Compact(mesh.Positions, whole);
        return new MeshRepairResult(repaired, degenerate, duplicate, surplus, flipped, pieces, filled, open);
    }

    private static (int[] Faces, int Degenerate, int Duplicate, int Surplus) Clean(int[] indices, Vector3d[] points, CancellationToken cancel)
    {
        var (degenerate, duplicate, surplus) = (0, 0, 0);
        var (kept, seen, crowd) = (new List<int>(), new HashSet<(int, int, int)>(), new Dictionary<(int, int), int>());
        // Large faces first: at an edge with more than two faces the slivers are the surplus.
        var faces = Enumerable.Range(0, indices.Length / 3).OrderByDescending(face => Cross(indices, points, face).LengthSquared).ToArray();
        foreach (var face in faces)
        {
            cancel.ThrowIfCancellationRequested();
            var corners = indices.AsSpan(3 * face, 3);
            var (a, b, c) = (corners[0], corners[1], corners[2]);
            var longest = Math.Max((points[a] - points[b]).Length, Math.Max((points[b] - points[c]).Length, (points[c] - points[a]).Length));
            (int, int)[] edges = [(Math.Min(a, b), Math.Max(a, b)), (Math.Min(b, c), Math.Max(b, c)), (Math.Min(c, a), Math.Max(c, a))];
            if (Cross(indices, points, face).Length <= 1e-12 * longest * longest)
            {
                degenerate++;
                continue;
            }

            if (!seen.Add(MeshInspection.Sorted(corners)))
            {
                duplicate++;
                continue;
            }

            if (Array.Exists(edges, edge => crowd.GetValueOrDefault(edge) >= 2))
            {
                surplus++;
                continue;
            }

            kept.Add(face);
            foreach (var edge in edges)
            {
                crowd[edge] = crowd.GetValueOrDefault(edge) + 1;
            }
        }

        return ([.. kept.Order().SelectMany(face => indices[(3 * face)..(3 * face + 3)])], degenerate, duplicate, surplus);
    }

    private static (int[] Faces, int Removed) DropSmall(int[] faces, Vector3d[] points, double share)
    {
        var groups = new Groups(points.Length);
        for (var i = 0; i < faces.Length; i += 3)
        {
            groups.Join(faces[i], faces[i + 1]);
            groups.Join(faces[i], faces[i + 2]);
        }

        var areas = new Dictionary<int, double>();
        for (var face = 0; face < faces.Length / 3; face++)
        {
            var group = groups.Root(faces[3 * face]);
            areas[group] = areas.GetValueOrDefault(group) + (Cross(faces, points, face).Length / 2);
        }

        var least = share * areas.Values.DefaultIfEmpty(0).Max();
        int[] kept = [.. Enumerable.Range(0, faces.Length / 3)
            .Where(face => areas[groups.Root(faces[3 * face])] >= least).SelectMany(face => faces[(3 * face)..(3 * face + 3)])];
        return (kept, areas.Values.Count(area => area < least));
    }

    /// <summary>Turns faces in place: with the piece's majority by area if the piece is open, outwards if it is closed.</summary>
    private static int Orient(int[] faces, Vector3d[] points)
    {
        var edges = MeshEdges.Of(faces, MeshEdges.ProperFaces(faces));
        var orientation = new FaceOrientation(edges, faces.Length / 3);
        var pieces = new Dictionary<int, (double Volume, double Turned, double Area, bool Open)>();
        for (var face = 0; face < faces.Length / 3; face++)
        {
            var (piece, turned) = orientation.Of(face);
            var sum = pieces.GetValueOrDefault(piece);
            var volume = Vector3d.Dot(points[faces[3 * face]], Vector3d.Cross(points[faces[(3 * face) + 1]], points[faces[(3 * face) + 2]]));
            var area = Cross(faces, points, face).Length;
            pieces[piece] = (sum.Volume + (turned ? -volume : volume), sum.Turned + (turned ? area : 0), sum.Area + area, sum.Open);
        }

        for (var edge = 0; edge < edges.Count; edge++)
        {
            var (piece, _) = orientation.Of(edges[edge][0].Face);
            pieces[piece] = pieces[piece] with { Open = pieces[piece].Open || edges[edge].Length == 1 };
        }

        var flipped = 0;
        for (var face = 0; face < faces.Length / 3; face++)
        {
            var (piece, turned) = orientation.Of(face);
            var sum = pieces[piece];
            if (turned != (sum.Open ? 2 * sum.Turned > sum.Area : sum.Volume < 0))
            {
                (faces[3 * face], faces[(3 * face) + 1]) = (faces[(3 * face) + 1], faces[3 * face]);
                flipped++;
            }
        }

        return flipped;
    }

    private static TriangleMesh Compact(float[] positions, int[] faces)
    {
        var (numbers, places) = (new Dictionary<int, int>(), new List<float>());
        var indices = new int[faces.Length];
        for (var i = 0; i < faces.Length; i++)
        {
            if (numbers.TryAdd(faces[i], numbers.Count))
            {
                places.AddRange(positions.AsSpan(3 * faces[i], 3));
            }

            indices[i] = numbers[faces[i]];
        }

        return new TriangleMesh([.. places], indices);
    }

    private static Vector3d Cross(int[] faces, Vector3d[] points, int face) => Vector3d.Cross(
        points[faces[(3 * face) + 1]] - points[faces[3 * face]], points[faces[(3 * face) + 2]] - points[faces[3 * face]]);
}
