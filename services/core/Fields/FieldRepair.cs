namespace Realiz3D.Mesh.Fields;

/// <summary>Mends a field before its surface is taken, so that the surface stays closed and manifold.</summary>
public static class FieldRepair
{
    /// <summary>
    /// Turns small pieces of the inside out and fills cavities: pieces are vertices of one sign joined by grid edges.
    /// </summary>
    /// <param name="edges">Both ends of each edge of the grid, [E, 2].</param>
    /// <param name="values">The field, negative inside, [G]; changed in place.</param>
    /// <param name="smallestShare">Pieces with less than this share of the largest piece's vertices go.</param>
    /// <returns>How many pieces went, and how many cavities were filled.</returns>
    public static (int Pieces, int Cavities) RemoveFloatersAndCavities(
        ReadOnlySpan<int> edges, Span<float> values, double smallestShare)
    {
        var roots = Components(edges, values);
        var sizes = new int[values.Length];
        foreach (var root in roots)
        {
            sizes[root]++;
        }

        var (inside, outside) = (0, 0);
        for (var i = 0; i < sizes.Length; i++)
        {
            (inside, outside) = values[i] > 0 ? (inside, Math.Max(outside, sizes[i])) : (Math.Max(inside, sizes[i]), outside);
        }

        var (pieces, cavities) = (0, 0);
        var turn = new bool[values.Length];
        for (var i = 0; i < sizes.Length; i++)
        {
            // The outside that is not a cavity is the largest piece of it: it holds the whole rim of the grid.
            turn[i] = sizes[i] > 0 && (values[i] > 0 ? sizes[i] < outside : sizes[i] < smallestShare * inside);
            pieces += turn[i] && values[i] <= 0 ? 1 : 0;
            cavities += turn[i] && values[i] > 0 ? 1 : 0;
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (turn[roots[i]])
            {
                values[i] = values[i] > 0 ? -values[i] : Math.Max(-values[i], float.Epsilon);
            }
        }

        return (pieces, cavities);
    }

    /// <summary>
    /// Keeps every zero crossing away from the ends of its edge, so that no triangle of the surface loses its area.
    /// </summary>
    /// <param name="edges">Both ends of each edge of the grid, [E, 2].</param>
    /// <param name="values">The field, [G]; changed in place, signs kept (0 counts as inside).</param>
    /// <param name="smallestShare">Crossings keep at least about this share of their edge from either end.</param>
    public static void PushFromVertices(ReadOnlySpan<int> edges, Span<float> values, double smallestShare)
    {
        var least = new float[values.Length];
        for (var e = 0; e < edges.Length; e += 2)
        {
            var (a, b) = (edges[e], edges[e + 1]);
            if (values[a] > 0 != values[b] > 0)
            {
                var share = (float)(smallestShare * Math.Max(Math.Abs(values[a]), Math.Abs(values[b])));
                least[a] = Math.Max(least[a], share);
                least[b] = Math.Max(least[b], share);
            }
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (Math.Abs(values[i]) < least[i])
            {
                values[i] = values[i] > 0 ? least[i] : -least[i];
            }
        }
    }

    private static int[] Components(ReadOnlySpan<int> edges, ReadOnlySpan<float> values)
    {
        var parents = new int[values.Length];
        for (var i = 0; i < parents.Length; i++)
        {
            parents[i] = i;
        }

        for (var e = 0; e < edges.Length; e += 2)
        {
            var (a, b) = (edges[e], edges[e + 1]);
            if (values[a] > 0 == values[b] > 0)
            {
                parents[Root(parents, b)] = Root(parents, a);
            }
        }

        for (var i = 0; i < parents.Length; i++)
        {
            parents[i] = Root(parents, i);
        }

        return parents;
    }

    private static int Root(int[] parents, int item)
    {
        while (parents[item] != item)
        {
            item = parents[item] = parents[parents[item]];
        }

        return item;
    }
}
