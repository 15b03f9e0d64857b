using System.Numerics;

namespace Realiz3D.Mesh.Rendering;

/// <summary>A set of faces that is drawn flat by looking along one axis.</summary>
/// <param name="Axis">Unit direction from the surface towards the eye.</param>
/// <param name="Faces">Faces in the order in which they joined.</param>
internal sealed record Chart(Vector3 Axis, List<int> Faces);

/// <summary>Grows charts from seeds over faces whose normals deviate little from the chart's axis.</summary>
/// <remarks>
/// 1. seeds, best aligned with a coordinate axis first  2. growth, least deviation first, within a cone  3. faces on a
/// border move to the neighbouring chart that they face more  4. connected pieces. A face always looks towards the eye of its chart, so a chart
/// has no fold; two parts of one chart may still overlap, which <see cref="UvUnwrap"/> finds and sends here again.
/// </remarks>
internal sealed class ChartGrower(FaceGraph graph)
{
    private const float GrowthCosine = 0.5f;   // 60 degrees: lengths shrink to a half at most
    private const float FacingCosine = 0.2f;   // what a crooked face inside a smooth region may shrink to
    private const int BorderSweeps = 8;

    /// <summary>Splits <paramref name="pool"/> into charts; every face of it lands in exactly one.</summary>
    public List<Chart> Grow(IReadOnlyList<int> pool, CancellationToken cancel = default)
    {
        var owner = new int[graph.Count]; // -2 outside the pool, -1 waiting, else chart
        Array.Fill(owner, -2);
        foreach (var face in pool)
        {
            owner[face] = -1;
        }

        // 1. seeds
        var axes = new List<Vector3>();
        foreach (var seed in pool.OrderByDescending(face => Alignment(graph.Smooth[face])).ThenBy(face => face))
        {
            cancel.ThrowIfCancellationRequested();
            if (owner[seed] == -1)
            {
                GrowFrom(seed, axes.Count, owner, axes);
            }
        }

        // 3. borders
        for (var sweep = 0; sweep < BorderSweeps; sweep++)
        {
            cancel.ThrowIfCancellationRequested();
            MoveBorders(pool, owner, axes);
        }

        // 4. connected pieces
        var charts = new List<Chart>();
        foreach (var face in pool)
        {
            if (owner[face] >= 0)
            {
                charts.Add(new Chart(axes[owner[face]], TakePiece(face, owner)));
            }
        }

        return charts;
    }

    // Breadth first, so that of two layers that overlap, one stays in a piece. Marks what it takes.
    private List<int> TakePiece(int start, int[] owner)
    {
        var chart = owner[start];
        List<int> piece = [start];
        owner[start] = -2;
        for (var i = 0; i < piece.Count; i++)
        {
            for (var edge = 3 * piece[i]; edge < (3 * piece[i]) + 3; edge++)
            {
                var next = graph.Neighbours[edge];
                if (next >= 0 && owner[next] == chart)
                {
                    owner[next] = -2;
                    piece.Add(next);
                }
            }
        }

        return piece;
    }

    private static float Alignment(Vector3 normal)
    {
        var size = Vector3.Abs(normal);
        return Math.Max(size.X, Math.Max(size.Y, size.Z));
    }

    private void GrowFrom(int seed, int chart, int[] owner, List<Vector3> axes)
    {
        var (smooth, own) = (graph.Smooth[seed], graph.Normals[seed]);
        var axis = own == Vector3.Zero || Vector3.Dot(smooth, own) > GrowthCosine ? smooth : own;
        axes.Add(axis);

        // 2. growth
        var open = new PriorityQueue<int, (float, int)>();
        open.Enqueue(seed, (0, seed));
        while (open.TryDequeue(out var face, out _))
        {
            if (owner[face] != -1)
            {
                continue;
            }

            owner[face] = chart;
            for (var edge = 3 * face; edge < (3 * face) + 3; edge++)
            {
                var next = graph.Neighbours[edge];
                if (next >= 0 && owner[next] == -1 && Vector3.Dot(graph.Smooth[next], axis) > GrowthCosine && Faces(next, axis))
                {
                    open.Enqueue(next, (1 - Vector3.Dot(graph.Smooth[next], axis), next));
                }
            }
        }
    }

    private void MoveBorders(IReadOnlyList<int> pool, int[] owner, List<Vector3> axes)
    {
        foreach (var face in pool)
        {
            var best = owner[face];
            for (var edge = 3 * face; edge < (3 * face) + 3; edge++)
            {
                var next = graph.Neighbours[edge];
                if (next >= 0 && owner[next] >= 0 && owner[next] != best && Faces(face, axes[owner[next]])
                    && Score(face, edge, axes[owner[next]], owner[next], owner) > Score(face, edge, axes[best], best, owner))
                {
                    best = owner[next];
                }
            }

            owner[face] = best;
        }
    }

    // How well a face fits a chart: what it faces, and how many neighbours it has there, so that borders stay short.
    private float Score(int face, int edge, Vector3 axis, int chart, int[] owner)
    {
        var score = Vector3.Dot(graph.Smooth[face], axis);
        for (var i = edge - (edge % 3); i < edge - (edge % 3) + 3; i++)
        {
            score += graph.Neighbours[i] >= 0 && owner[graph.Neighbours[i]] == chart ? 0.25f : 0;
        }

        return score;
    }

    private bool Faces(int face, Vector3 axis) =>
        graph.Normals[face] == Vector3.Zero || Vector3.Dot(graph.Normals[face], axis) > FacingCosine;
}
