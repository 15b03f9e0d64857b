namespace Realiz3D.Mesh.Fields;

/// <summary>Which edges of a cube grid a zero level crosses, the dual vertices between the crossings, and the quads that join those.</summary>
/// <remarks>
/// A value below 0 is inside. A term is one crossing as seen from one dual vertex. Quads face towards positive values; where the grid
/// ends they are missing. As published, a quad is turned over if the first end of its edge is exactly 0: who wants a surface gives
/// zeros a sign first. Source: Shen et al. 2023 (FlexiCubes), arXiv:2308.05371.
/// </remarks>
public sealed class FlexiTopology
{
    private readonly List<int> _ends = [];
    private readonly List<(int Cube, int Edge, int Vertex, int Crossing)> _terms = [];
    private readonly List<int> _vertexCubes = [];
    private readonly List<int> _quads = [];

    private FlexiTopology()
    {
    }

    /// <summary>Grid vertices on both sides of each crossing, [X, 2].</summary>
    public IReadOnlyList<int> Ends => _ends;

    /// <summary>The cube in which each dual vertex lies, [P].</summary>
    public IReadOnlyList<int> VertexCubes => _vertexCubes;

    /// <summary>Dual vertices round each inner crossing, [Q, 4].</summary>
    public IReadOnlyList<int> Quads => _quads;

    /// <summary>Cube, its edge, the dual vertex and the crossing of each term, [K].</summary>
    public IReadOnlyList<(int Cube, int Edge, int Vertex, int Crossing)> Terms => _terms;

    /// <summary>Finds the crossings of a field.</summary>
    /// <param name="cubes">Vertices of the cubes, in a <see cref="CubeGrid"/>'s order of cubes and corners, [C, 8].</param>
    /// <param name="values">One value per grid vertex.</param>
    /// <returns>The topology.</returns>
    public static FlexiTopology Of(int[] cubes, ReadOnlySpan<float> values)
    {
        ArgumentNullException.ThrowIfNull(cubes);
        var cases = Cases(cubes, values);
        var (topology, crossings, round) = (new FlexiTopology(), new EdgeTable(cases.Length), new List<List<int>>());
        for (var cube = 0; cube < cases.Length; cube++)
        {
            foreach (var piece in DualCases.Pieces(cases[cube]))
            {
                foreach (var edge in piece)
                {
                    var (a, b) = (cubes[(8 * cube) + DualCases.Edges[edge].A], cubes[(8 * cube) + DualCases.Edges[edge].B]);
                    var crossing = crossings.Number(a, b);
                    if (crossing == round.Count)
                    {
                        topology._ends.AddRange([a, b]);
                        round.Add([]);
                    }

                    round[crossing].Add(topology._vertexCubes.Count);
                    topology._terms.Add((cube, edge, topology._vertexCubes.Count, crossing));
                }

                topology._vertexCubes.Add(cube);
            }
        }

        for (var crossing = 0; crossing < round.Count; crossing++)
        {
            // The four cubes come in the grid's order: the last two change places to go round the edge.
            if (round[crossing] is [var p, var q, var r, var s])
            {
                topology._quads.AddRange(values[topology._ends[2 * crossing]] > 0 ? [p, q, s, r] : [r, s, q, p]);
            }
        }

        return topology;
    }

    private static int[] Cases(int[] cubes, ReadOnlySpan<float> values)
    {
        var cases = new int[cubes.Length / 8];
        var shared = new Dictionary<(int, int, int, int), int>();      // a face both of whose cuts belong to one piece -> its cube
        for (var cube = 0; cube < cases.Length; cube++)
        {
            for (var corner = 0; corner < 8; corner++)
            {
                var vertex = cubes[(8 * cube) + corner];
                if ((uint)vertex >= (uint)values.Length)
                {
                    throw new ArgumentException($"Cube {cube} names vertex {vertex}, but there are {values.Length} values.");
                }

                cases[cube] |= values[vertex] < 0 ? 1 << corner : 0;
            }

            if (DualCases.SharedFace(cases[cube]) is >= 0 and var face)
            {
                var start = 8 * cube;
                int[] corners = [.. DualCases.Faces[face].Select(corner => cubes[start + corner]).Order()];
                var key = (corners[0], corners[1], corners[2], corners[3]);
                if (shared.TryGetValue(key, out var other))
                {
                    (cases[cube], cases[other]) = (255 - cases[cube], 255 - cases[other]);
                }

                shared[key] = cube;
            }
        }

        return cases;
    }
}
