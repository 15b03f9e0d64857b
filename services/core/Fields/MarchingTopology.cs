namespace Realiz3D.Mesh.Fields;

/// <summary>Which grid edges a zero level crosses, and the triangles that join the crossings.</summary>
/// <remarks>
/// A vertex is occupied if its value is above 0 (outside, with a field that is negative inside); a value of exactly 0 is
/// not. <c>case = sum occupied_i 2^i</c> selects the triangles from the table of Doi and Koide 1991 (IEICE Transactions E74, 214-224),
/// whose edge numbers are those of <see cref="TetrahedralGrid"/>. Triangles face towards positive values. Over a
/// grid whose outer vertices are all occupied the surface is closed and manifold: each crossed tetrahedron face carries one
/// segment, shared by the two tetrahedra there, and the tetrahedra round a crossed edge form one ring.
/// </remarks>
public sealed class MarchingTopology
{
    // Edge numbers of each case's triangles. Quads are cut along the diagonal that the reference cases have.
    private static readonly byte[][] Table =
    [
        [], [0, 2, 1], [0, 3, 4], [1, 4, 2, 1, 3, 4], [1, 5, 3], [0, 2, 3, 2, 5, 3], [0, 1, 4, 1, 5, 4], [2, 5, 4],
        [2, 4, 5], [0, 4, 1, 1, 4, 5], [0, 3, 2, 2, 3, 5], [1, 3, 5], [1, 2, 4, 1, 4, 3], [0, 4, 3], [0, 1, 2], [],
    ];

    private MarchingTopology(int[] ends, int[] faces, int[] sources) => (Ends, Faces, Sources) = (ends, faces, sources);

    /// <summary>The two grid vertices between which each surface vertex lies, lower first, [P, 2].</summary>
    public int[] Ends { get; }

    /// <summary>Surface vertices of the triangles, [F, 3].</summary>
    public int[] Faces { get; }

    /// <summary>The tetrahedron that each triangle lies in, [F].</summary>
    public int[] Sources { get; }

    /// <summary>Number of surface vertices, P.</summary>
    public int VertexCount => Ends.Length / 2;

    /// <summary>Number of triangles, F.</summary>
    public int FaceCount => Faces.Length / 3;

    /// <summary>Finds the crossings of a field.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="values">One value per grid vertex, [P].</param>
    public static MarchingTopology Of(TetrahedralGrid grid, ReadOnlySpan<float> values)
    {
        ArgumentNullException.ThrowIfNull(grid);
        if (values.Length != grid.VertexCount)
        {
            throw new ArgumentException($"Expected {grid.VertexCount} values, one per grid vertex; got {values.Length}.");
        }

        var (corners, edges) = (grid.Tetrahedra, grid.TetrahedronEdges);
        var numbers = new int[grid.EdgeCount];      // 0 is "not crossed yet"; numbers are stored one higher
        var (ends, faces, sources) = (new List<int>(), new List<int>(), new List<int>());
        for (var t = 0; t < grid.TetrahedronCount; t++)
        {
            var pattern = (values[corners[4 * t]] > 0 ? 1 : 0) | (values[corners[4 * t + 1]] > 0 ? 2 : 0)
                | (values[corners[4 * t + 2]] > 0 ? 4 : 0) | (values[corners[4 * t + 3]] > 0 ? 8 : 0);
            var row = Table[pattern];
            for (var k = 0; k < row.Length; k++)
            {
                var edge = edges[6 * t + row[k]];
                if (numbers[edge] == 0)
                {
                    ends.Add(grid.Edges[2 * edge]);
                    ends.Add(grid.Edges[2 * edge + 1]);
                    numbers[edge] = ends.Count / 2;
                }

                faces.Add(numbers[edge] - 1);
                if (k % 3 == 0)
                {
                    sources.Add(t);
                }
            }
        }

        return new MarchingTopology([.. ends], [.. faces], [.. sources]);
    }
}
