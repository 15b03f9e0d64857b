namespace Realiz3D.Mesh.Fields;

/// <summary>The pieces of surface inside a cube for each of the 256 ways in which its corners can be inside.</summary>
/// <remarks>
/// Crossed edges that follow each other round a face belong to one piece; each piece gets one vertex of the dual surface. On an
/// ambiguous face, whose inside corners lie diagonally opposite, the pieces part: each inside corner is cut off by itself.
/// In 36 cases (the classes C16 and C19) both cuts of the only ambiguous face belong to one piece; where two such cubes share that
/// face, four quads would meet in one edge, so both are read as their complement, which joins the inside corners there instead.
/// Sources: Nielson 2004, "Dual marching cubes"; Wenger 2013, "Isosurfaces", chapter 3; Shen et al. 2023 (FlexiCubes),
/// arXiv:2308.05371, section 4. The table is computed from this rule.
/// </remarks>
internal static class DualCases
{
    /// <summary>The edges of a cube by corners, with the direction along each axis the same for all edges of it.</summary>
    public static readonly (int A, int B)[] Edges =
    [
        (0, 1), (1, 5), (4, 5), (0, 4), (2, 3), (3, 7), (6, 7), (2, 6), (2, 0), (3, 1), (7, 5), (6, 4),
    ];

    /// <summary>The faces of a cube by corners, in turn round each.</summary>
    public static readonly int[][] Faces =
        [[0, 2, 6, 4], [1, 3, 7, 5], [0, 1, 5, 4], [2, 3, 7, 6], [0, 1, 3, 2], [4, 5, 7, 6]];

    private static readonly (int[][] Pieces, int SharedFace)[] Table = [.. Enumerable.Range(0, 256).Select(Read)];

    /// <summary>Edge numbers of each piece of surface.</summary>
    /// <param name="inside">Bit c is set if corner c is inside.</param>
    public static int[][] Pieces(int inside) => Table[inside].Pieces;

    /// <summary>The ambiguous face both of whose cuts belong to one piece; -1 if there is none.</summary>
    /// <param name="inside">Bit c is set if corner c is inside.</param>
    public static int SharedFace(int inside) => Table[inside].SharedFace;

    private static (int[][] Pieces, int SharedFace) Read(int inside)
    {
        bool Inside(int corner) => ((inside >> corner) & 1) != 0;
        var roots = Enumerable.Range(0, 12).ToArray();
        int Root(int edge) => roots[edge] == edge ? edge : Root(roots[edge]);
        var ambiguous = new List<(int Face, int First, int Second)>();
        for (var face = 0; face < 6; face++)
        {
            var loop = Faces[face];
            int[] around = [.. Enumerable.Range(0, 4).Select(k => EdgeOf(loop[k], loop[(k + 1) % 4]))];
            int[] crossed = [.. Enumerable.Range(0, 4).Where(k => Inside(loop[k]) != Inside(loop[(k + 1) % 4]))];
            if (crossed.Length == 2)
            {
                roots[Root(around[crossed[0]])] = Root(around[crossed[1]]);
            }
            else if (crossed.Length == 4)
            {
                var first = Inside(loop[0]) ? 0 : 1;        // inside corners first and first + 2, each cut off
                roots[Root(around[(first + 3) % 4])] = Root(around[first]);
                roots[Root(around[first + 1])] = Root(around[(first + 2) % 4]);
                ambiguous.Add((face, around[first], around[first + 1]));
            }
        }

        var pieces = Enumerable.Range(0, 12)
            .Where(edge => Inside(Edges[edge].A) != Inside(Edges[edge].B))
            .GroupBy(Root).Select(piece => piece.ToArray()).ToArray();
        var shared = ambiguous.Where(face => Root(face.First) == Root(face.Second)).Select(face => face.Face);
        return (pieces, shared.DefaultIfEmpty(-1).First());
    }

    private static int EdgeOf(int a, int b) => Array.FindIndex(Edges, edge => edge == (a, b) || edge == (b, a));
}
