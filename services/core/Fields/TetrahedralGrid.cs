namespace Realiz3D.Mesh.Fields;

/// <summary>A conforming grid of tetrahedra: vertices carry a field, edges carry its zero crossings.</summary>
/// <remarks>
/// Every tetrahedron has det(v1 - v0, v2 - v0, v3 - v0) &gt; 0, which is what lets the extracted triangles face outward: in one that
/// is inside out they face inward.
/// Its six edges are numbered e0(0,1) e1(0,2) e2(0,3) e3(1,2) e4(1,3) e5(2,3).
/// </remarks>
public sealed class TetrahedralGrid
{
    private static readonly (int A, int B)[] LocalEdges = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)];

    /// <summary>Takes vertices and tetrahedra and numbers the edges.</summary>
    /// <param name="positions">World positions, [P, 3].</param>
    /// <param name="tetrahedra">Vertex numbers, [T, 4].</param>
    /// <param name="oriented">Whether each must have a positive determinant; false takes tetrahedra of any origin as they are.</param>
    /// <exception cref="ArgumentException">A tetrahedron names a vertex that does not exist, or is flat or inside out and must not be.</exception>
    public TetrahedralGrid(float[] positions, int[] tetrahedra, bool oriented = true)
    {
        ArgumentNullException.ThrowIfNull(positions);
        ArgumentNullException.ThrowIfNull(tetrahedra);
        Positions = positions;
        Tetrahedra = tetrahedra;
        Check(oriented);
        (Edges, TetrahedronEdges) = NumberEdges(tetrahedra);
    }

    /// <summary>World positions of the vertices, [P, 3].</summary>
    public float[] Positions { get; }

    /// <summary>Vertex numbers of the tetrahedra, [T, 4].</summary>
    public int[] Tetrahedra { get; }

    /// <summary>Vertex numbers of the edges, lower first, [E, 2].</summary>
    public int[] Edges { get; }

    /// <summary>Edge numbers of the tetrahedra, in the order of the remarks, [T, 6].</summary>
    public int[] TetrahedronEdges { get; }

    /// <summary>Number of vertices, P.</summary>
    public int VertexCount => Positions.Length / 3;

    /// <summary>Number of tetrahedra, T.</summary>
    public int TetrahedronCount => Tetrahedra.Length / 4;

    /// <summary>Number of edges, E.</summary>
    public int EdgeCount => Edges.Length / 2;

    /// <summary>
    /// The part of a grid that has a marked vertex: all tetrahedra that touch one, with unused vertices dropped.
    /// </summary>
    /// <param name="positions">World positions, [P, 3].</param>
    /// <param name="tetrahedra">Vertex numbers, [T, 4].</param>
    /// <param name="keep">One mark per vertex, [P].</param>
    /// <returns>The smaller grid, and the old number of each of its vertices.</returns>
    internal static (TetrahedralGrid Grid, int[] OldVertices) Restrict(
        float[] positions, int[] tetrahedra, ReadOnlySpan<bool> keep)
    {
        var number = new int[positions.Length / 3];
        var old = new List<int>();
        var kept = new List<int>();
        for (var t = 0; t < tetrahedra.Length; t += 4)
        {
            var corners = tetrahedra.AsSpan(t, 4);
            if (!keep[corners[0]] && !keep[corners[1]] && !keep[corners[2]] && !keep[corners[3]])
            {
                continue;
            }

            foreach (var vertex in corners)
            {
                if (number[vertex] == 0)    // 0 is "not seen"; numbers are stored one higher
                {
                    old.Add(vertex);
                    number[vertex] = old.Count;
                }

                kept.Add(number[vertex] - 1);
            }
        }

        var moved = new float[3 * old.Count];
        for (var i = 0; i < old.Count; i++)
        {
            positions.AsSpan(3 * old[i], 3).CopyTo(moved.AsSpan(3 * i));
        }

        return (new TetrahedralGrid(moved, [.. kept]), [.. old]);
    }

    private void Check(bool oriented)
    {
        for (var t = 0; t < Tetrahedra.Length; t += 4)
        {
            for (var k = 0; k < 4; k++)
            {
                if ((uint)Tetrahedra[t + k] >= (uint)VertexCount)
                {
                    throw new ArgumentException(
                        $"Tetrahedron {t / 4} names vertex {Tetrahedra[t + k]}, but there are {VertexCount}.");
                }
            }

            if (oriented && !(Determinant(Positions, Tetrahedra.AsSpan(t, 4)) > 0))
            {
                throw new ArgumentException($"Tetrahedron {t / 4} is flat or inside out: its determinant must be above 0.");
            }
        }
    }

    /// <summary>Six times the signed volume of the tetrahedron with the given corners.</summary>
    internal static double Determinant(float[] positions, ReadOnlySpan<int> corners)
    {
        Span<double> d = stackalloc double[9];
        for (var k = 0; k < 9; k++)
        {
            d[k] = (double)positions[3 * corners[1 + k / 3] + k % 3] - positions[3 * corners[0] + k % 3];
        }

        return d[0] * (d[4] * d[8] - d[5] * d[7]) - d[1] * (d[3] * d[8] - d[5] * d[6]) + d[2] * (d[3] * d[7] - d[4] * d[6]);
    }

    private static (int[] Edges, int[] OfTetrahedra) NumberEdges(int[] tetrahedra)
    {
        var count = tetrahedra.Length / 4;
        var table = new EdgeTable(count * 3 / 2);       // BCC and Kuhn grids have 1.2 to 1.3 edges per tetrahedron
        var ofTetrahedra = new int[6 * count];
        for (var t = 0; t < count; t++)
        {
            for (var k = 0; k < 6; k++)
            {
                var (a, b) = LocalEdges[k];
                ofTetrahedra[6 * t + k] = table.Number(tetrahedra[4 * t + a], tetrahedra[4 * t + b]);
            }
        }

        return (table.ToArray(), ofTetrahedra);
    }
}
