namespace Realiz3D.Mesh.Formats;

/// <summary>Gives a surface triangles of about one size and shape.</summary>
/// <remarks>
/// Botsch and Kobbelt 2004, "A remeshing approach to multiresolution modeling", section 4. Each round: 1. edges longer than 4/3 of the wanted
/// length are split  2. those shorter than 4/5 collapse, unless an edge would become too long  3. edges flip towards six neighbours (four at a border)
/// 4. places move within the surface to the middle of their neighbours  5. and back to where the surface was. The topology stays. Borders and
/// creases keep their places, and may only get more.
/// </remarks>
public static class IsotropicRemeshing
{
    private const double CreaseCosine = 0.7; // between the normals of an edge's faces: 46 degrees

    /// <summary>Remeshes a surface.</summary>
    /// <param name="mesh">The mesh; texture coordinates do not survive.</param>
    /// <param name="edgeLength">Wanted length of edges, in the mesh's unit.</param>
    /// <param name="rounds">Rounds; five are enough for most.</param>
    /// <param name="maxFaces">Most faces on the way.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>A new mesh; with area-weighted normals if the mesh had some.</returns>
    /// <exception cref="ArgumentException">The mesh is unsound, or so short edges would take more faces than allowed.</exception>
    public static TriangleMesh Remesh(
        TriangleMesh mesh, double edgeLength, int rounds = 5, int maxFaces = 2_000_000, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(edgeLength);
        if (mesh.Fault() is { } fault)
        {
            throw new ArgumentException($"The mesh cannot be remeshed: {fault}", nameof(mesh));
        }

        var expected = MeshInspection.Of(mesh, weld: true, cancel).Area / (Math.Sqrt(3) / 4 * edgeLength * edgeLength);
        if (!(expected <= maxFaces))
        {
            throw new ArgumentException($"Edges of {edgeLength} take about {expected:F0} faces; at most {maxFaces} are made.", nameof(edgeLength));
        }

        var surface = new RemeshSurface(mesh);
        var creases = Creases(surface);
        var original = new NearestSurface(mesh);
        for (var round = 0; round < rounds; round++)
        {
            cancel.ThrowIfCancellationRequested();
            SplitLong(surface, creases, 4.0 / 3 * edgeLength, Math.Max(2 * maxFaces, 2 * mesh.FaceCount), cancel); // 1.
            CollapseShort(surface, 4.0 / 5 * edgeLength, 4.0 / 3 * edgeLength, cancel); // 2.
            FlipEdges(surface, creases, cancel); // 3.
            Relax(surface, original, cancel); // 4. and 5.
        }

        var result = surface.ToMesh();
        return mesh.Normals is null ? result : result with { Normals = result.AreaWeightedNormals() };
    }

    /// <summary>Borders and sharp edges; their places are held.</summary>
    private static HashSet<(int A, int B)> Creases(RemeshSurface surface)
    {
        var creases = new HashSet<(int, int)>();
        foreach (var (a, b) in surface.Edges())
        {
            var faces = surface.FacesBetween(a, b);
            if (faces.Count != 2 || Vector3d.Dot(surface.Cross(faces[0]).Unit(), surface.Cross(faces[1]).Unit()) < CreaseCosine)
            {
                creases.Add((a, b));
                (surface.Held[a], surface.Held[b]) = (true, true);
            }
        }

        return creases;
    }

    private static void SplitLong(RemeshSurface surface, HashSet<(int A, int B)> creases, double longest, int mostFaces, CancellationToken cancel)
    {
        for (var again = true; again;)
        {
            again = false;
            foreach (var (a, b) in surface.Edges().Where(edge => surface.Length(edge.A, edge.B) > longest).OrderByDescending(edge => surface.Length(edge.A, edge.B)))
            {
                cancel.ThrowIfCancellationRequested();
                if (surface.FaceCount > mostFaces)
                {
                    // Long faces of little area: they count little beforehand.
                    throw new ArgumentException($"Edges of at most {longest:G4} take more than {mostFaces} faces here; ask for longer ones.");
                }

                var crease = creases.Remove((a, b));
                surface.Split(a, b, crease);
                var middle = surface.Places.Count - 1;
                if (crease)
                {
                    creases.UnionWith([(a, middle), (b, middle)]);
                }

                again = true;
            }
        }
    }

    private static void CollapseShort(RemeshSurface surface, double shortest, double longest, CancellationToken cancel)
    {
        foreach (var (a, b) in surface.Edges())
        {
            cancel.ThrowIfCancellationRequested();
            if (surface.FacesBetween(a, b).Count != 2 || surface.Length(a, b) >= shortest || (surface.Held[a] && surface.Held[b]))
            {
                continue;
            }

            var (from, to) = surface.Held[a] || (!surface.Held[b] && surface.IsHub(a)) ? (b, a) : (a, b);
            if (surface.Neighbours(from).All(other => other == to || surface.Length(other, to) <= longest))
            {
                surface.Collapse(from, to);
            }
        }
    }

    private static void FlipEdges(RemeshSurface surface, HashSet<(int A, int B)> creases, CancellationToken cancel)
    {
        foreach (var (a, b) in surface.Edges())
        {
            cancel.ThrowIfCancellationRequested();
            var faces = surface.FacesBetween(a, b);
            if (faces.Count != 2 || creases.Contains((a, b)))
            {
                continue;
            }

            var (c, d) = (surface.Third(faces[0], a, b), surface.Third(faces[1], a, b));
            int Off(int place, int change)
            {
                var off = surface.Valence(place) + change - (surface.OnBorder(place) ? 4 : 6);
                return off * off;
            }

            if (Off(a, -1) + Off(b, -1) + Off(c, 1) + Off(d, 1) < Off(a, 0) + Off(b, 0) + Off(c, 0) + Off(d, 0))
            {
                surface.Flip(a, b);
            }
        }
    }

    private static void Relax(RemeshSurface surface, NearestSurface original, CancellationToken cancel)
    {
        foreach (var place in surface.UsedPlaces().Where(place => !surface.Held[place]).ToArray())
        {
            cancel.ThrowIfCancellationRequested();
            var (sum, normal, around) = (Vector3d.Zero, Vector3d.Zero, surface.Neighbours(place));
            foreach (var other in around)
            {
                sum += surface.Places[other];
            }

            var faces = surface.FacesAt(place);
            foreach (var face in faces)
            {
                normal += surface.Cross(face);
            }

            normal = normal.Unit();
            var shift = (sum / around.Count) - surface.Places[place];
            var moved = original.To(surface.Places[place] + shift - (normal * Vector3d.Dot(normal, shift)));
            if (!Array.Exists(faces, face => surface.Turns(face, place, moved)))
            {
                surface.Places[place] = moved;
            }
        }
    }
}
