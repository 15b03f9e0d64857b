using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance;

/// <summary>Compares a surface with a reference whose vertices and faces may stand in another order and begin at another corner.</summary>
internal sealed class SurfaceMatch
{
    // Places closer than this are one place; who is who there is decided by order.
    private const double SamePlace = 1e-6;

    private readonly GoldenCase _golden;
    private readonly double[] _vertices;
    private readonly int[] _reference;      // the reference's vertex for each of ours

    private SurfaceMatch(GoldenCase golden, double[] vertices, int[] reference) =>
        (_golden, _vertices, _reference) = (golden, vertices, reference);

    /// <summary>Matches vertices by place, nearest first, and compares them with out/vertices.</summary>
    /// <param name="golden">The case.</param>
    /// <param name="vertices">Ours, [P, 3].</param>
    /// <param name="ranks">Order among vertices at one place, as the reference's numbers go there, [P].</param>
    /// <returns>The match; null, and a fault noted, if the vertices differ.</returns>
    public static SurfaceMatch? Of(GoldenCase golden, Tensor vertices, int[] ranks)
    {
        var (ours, theirs) = (AssertTensor.Values(vertices), AssertTensor.Values(golden.Tensor("out/vertices")));
        var found = new SurfaceMatch(golden, ours, Match(golden, ours, theirs, ranks));
        if (ours.Length != theirs.Length || found._reference.Contains(-1))
        {
            golden.CompareDouble("out/vertices", vertices);
            golden.Fail("out/vertices: the vertices lie elsewhere than the reference's.");
            return null;
        }

        var order = Array.ConvertAll(Inverse(found._reference), vertex => (long)vertex);
        golden.CompareDouble("out/vertices", vertices.detach().index_select(0, tensor(order, device: vertices.device)));
        return found;
    }

    /// <summary>What <see cref="Of"/> wants to know of vertices that come in a certain order.</summary>
    /// <param name="order">Vertices, first to last.</param>
    /// <returns>The place of each in the order.</returns>
    public static int[] Ranks(IEnumerable<int> order) => Inverse([.. order]);

    /// <summary>The reference's rows for its vertices, in the order of ours.</summary>
    public Tensor ToOurs(Tensor rows) =>
        rows.index_select(0, tensor(Array.ConvertAll(_reference, j => (long)j), device: rows.device));

    /// <summary>Compares faces, up to their first corner, with out/faces, and where they come from with out/tet_idx.</summary>
    /// <param name="faces">Our vertices, [3F].</param>
    /// <param name="sources">Where each face comes from, [F]; none if the case does not say.</param>
    public void CompareFaces(IReadOnlyList<int> faces, IReadOnlyList<int>? sources = null)
    {
        var theirs = CaseMeshes.Integers(_golden, "out/faces");
        var origins = sources is not null && _golden.Has("out/tet_idx") ? CaseMeshes.Integers(_golden, "out/tet_idx") : null;
        var left = new Dictionary<(int, int, int, int), int>();
        for (var f = 0; f < faces.Count / 3; f++)
        {
            var key = Key([.. Enumerable.Range(3 * f, 3).Select(c => _reference[faces[c]])], origins is null ? 0 : sources![f]);
            left[key] = left.GetValueOrDefault(key) + 1;
        }

        var (rows, from) = (new int[theirs.Length], new int[theirs.Length / 3]);
        for (var f = 0; f < from.Length; f++)
        {
            var key = Key(theirs.AsSpan(3 * f, 3), origins?[f] ?? 0);
            var there = left.GetValueOrDefault(key) > 0;
            left[key] = left.GetValueOrDefault(key) - 1;
            for (var c = 3 * f; c < (3 * f) + 3; c++)
            {
                rows[c] = there ? theirs[c] : -1;       // -1: this face of the reference is none of ours
            }

            from[f] = there && origins is not null ? origins[f] : -1;
        }

        _golden.Compare("out/faces", CaseMeshes.Longs(rows, 3));
        _golden.Compare("out/tet_idx", CaseMeshes.Longs(from));
        _golden.Check(
            faces.Count == theirs.Length, $"out/faces: {faces.Count / 3} faces, the reference has {theirs.Length / 3}.");
        CompareTopology(faces);
    }

    private void CompareTopology(IReadOnlyList<int> faces)
    {
        var mesh = new TriangleMesh(Array.ConvertAll(_vertices, x => (float)x), [.. faces]);
        var found = MeshInspection.Of(mesh, weld: false);
        var measures = new Dictionary<string, object?>
        {
            ["vertices"] = mesh.VertexCount,
            ["used_vertices"] = found.VertexCount,
            ["edges"] = found.EdgeCount,
            ["faces"] = mesh.FaceCount,
            ["euler"] = found.EulerCharacteristic,
            ["components"] = found.ComponentCount + mesh.VertexCount - found.VertexCount,     // a vertex without faces is one too
            ["edges_shared_by_two"] = found.EdgeCount - found.BoundaryEdgeCount - found.NonManifoldEdgeCount,
            ["boundary_edges"] = found.BoundaryEdgeCount,
            ["nonmanifold_edges"] = found.NonManifoldEdgeCount,
            ["watertight"] = found.Closed,
            ["consistent_winding"] = found.Closed && found.WindingConsistent,
            ["signed_volume"] = found.SignedVolume,
            ["area"] = found.Area,
            ["genus"] = found.Genus,
        };
        CaseStats.Check(_golden, "topology", measures);
        CaseStats.Check(_golden, "expect", measures);
    }

    private static int[] Match(GoldenCase golden, double[] ours, double[] theirs, int[] ranks)
    {
        var size = theirs.Select(Math.Abs).DefaultIfEmpty(0).Max();
        var reach = Math.Sqrt(3) * (golden.Absolute + (golden.Relative * size));
        (long, long, long) Cell(double[] at, int i, int dx = 0, int dy = 0, int dz = 0) => (
            (long)Math.Floor(at[3 * i] / reach) + dx,
            (long)Math.Floor(at[(3 * i) + 1] / reach) + dy,
            (long)Math.Floor(at[(3 * i) + 2] / reach) + dz);
        var cells = Enumerable.Range(0, theirs.Length / 3).ToLookup(j => Cell(theirs, j));

        var pairs = new List<(long Distance, int Rank, int Theirs, int Ours)>();
        for (var i = 0; i < ours.Length / 3; i++)
        {
            for (var near = 0; near < 27; near++)
            {
                foreach (var j in cells[Cell(ours, i, (near % 3) - 1, (near / 3 % 3) - 1, (near / 9) - 1)])
                {
                    var squared = Enumerable.Range(0, 3).Sum(k => Math.Pow(ours[(3 * i) + k] - theirs[(3 * j) + k], 2));
                    if (Math.Sqrt(squared) <= reach)
                    {
                        pairs.Add(((long)Math.Round(Math.Sqrt(squared) / SamePlace), ranks[i], j, i));
                    }
                }
            }
        }

        var (match, taken) = (new int[ours.Length / 3], new HashSet<int>());
        Array.Fill(match, -1);
        foreach (var pair in pairs.Order())
        {
            if (match[pair.Ours] < 0 && taken.Add(pair.Theirs))
            {
                match[pair.Ours] = pair.Theirs;
            }
        }

        return match;
    }

    private static int[] Inverse(int[] permutation)
    {
        var inverse = new int[permutation.Length];
        for (var i = 0; i < permutation.Length; i++)
        {
            inverse[permutation[i]] = i;
        }

        return inverse;
    }

    /// <summary>The face from its smallest vertex on, and where it comes from.</summary>
    private static (int, int, int, int) Key(ReadOnlySpan<int> face, int source)
    {
        var (a, b, c) = (face[0], face[1], face[2]);
        return a <= b && a <= c ? (a, b, c, source) : b <= a && b <= c ? (b, c, a, source) : (c, a, b, source);
    }
}
