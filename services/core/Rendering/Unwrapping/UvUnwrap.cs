using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>What unwrapping aims for and what it may cost.</summary>
/// <param name="TextureSize">Width and height of the texture in texels.</param>
/// <param name="PaddingTexels">Least distance between charts.</param>
/// <param name="MaxFaces">Most triangles; decimate larger meshes first.</param>
/// <param name="MaxTime">Longest time; 60 s when null.</param>
public sealed record UnwrapConfig(
    int TextureSize = 1024, int PaddingTexels = 8, int MaxFaces = 200_000, TimeSpan? MaxTime = null);

/// <summary>A mesh could not be unwrapped within its limits. The message says which limit and what to do.</summary>
/// <param name="message">One sentence.</param>
public sealed class UnwrapException(string message) : Exception(message);

/// <summary>A mesh with texture coordinates.</summary>
/// <param name="Mesh">The mesh; vertices on seams stand there once per chart.</param>
/// <param name="SourceVertices">For each vertex the one of the given mesh that it copies.</param>
/// <param name="FaceCharts">Chart of each face; faces keep their order.</param>
/// <param name="ChartCount">Number of charts.</param>
public sealed record UnwrappedMesh(TriangleMesh Mesh, int[] SourceVertices, int[] FaceCharts, int ChartCount);

/// <summary>Lays a mesh's surface flat in one square texture, with nothing on top of anything else.</summary>
/// <remarks>
/// 1. grow charts by normal deviation  2. draw each flat along its axis  3. pack them at the largest scale that fits
/// 4. draw all into the texture; faces that land on others are grown into charts of their own, again from 2.
/// Lengths shrink by at most a factor of two where a chart leans away from its axis.
/// </remarks>
public static class UvUnwrap
{
    private const int MaxRounds = 12;

    /// <summary>Unwraps a mesh.</summary>
    /// <param name="mesh">The mesh; normals are carried along if it has them.</param>
    /// <param name="config">Texture size and limits.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>The mesh with texture coordinates.</returns>
    /// <exception cref="UnwrapException">A limit was reached.</exception>
    public static UnwrappedMesh Unwrap(TriangleMesh mesh, UnwrapConfig config, CancellationToken cancel = default)
    {
        if (mesh.FaceCount == 0 || mesh.FaceCount > config.MaxFaces)
        {
            throw new UnwrapException($"{mesh.FaceCount} triangles; 1 to {config.MaxFaces} are unwrapped. Decimate the mesh.");
        }

        var limit = config.MaxTime ?? TimeSpan.FromSeconds(60);
        using var clock = new CancellationTokenSource(limit);
        using var timed = CancellationTokenSource.CreateLinkedTokenSource(cancel, clock.Token);
        try
        {
            return InRounds(mesh, config, timed.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new UnwrapException(FormattableString.Invariant($"Unwrapping took longer than {limit.TotalSeconds:0.##} s. Decimate the mesh."));
        }
    }

    private static UnwrappedMesh InRounds(TriangleMesh mesh, UnwrapConfig config, CancellationToken cancel)
    {
        var unit = OfUnitSize(mesh);
        var grower = new ChartGrower(new FaceGraph(unit));

        // 1. grow charts
        var charts = grower.Grow([.. Enumerable.Range(0, mesh.FaceCount)], cancel);
        for (var round = 0; round < MaxRounds; round++)
        {
            // 2. and 3. draw flat, pack
            var flat = charts.ConvertAll(chart => FlatChart.Of(chart, unit, cancel));
            var (scale, places) = ChartLayout.Fit(flat, config.TextureSize, config.PaddingTexels, cancel)
                ?? throw new UnwrapException(
                    $"{charts.Count} charts do not fit {config.TextureSize} texels. Use a larger texture or a smoother mesh.");
            var unwrapped = Assemble(mesh, flat, scale, places, config.TextureSize);

            // 4. what lies on top of something else
            var stacked = OverlapFinder.Find(unwrapped.Mesh, charts, config.TextureSize, cancel);
            if (stacked.Count == 0)
            {
                return unwrapped;
            }

            foreach (var chart in charts)
            {
                chart.Faces.RemoveAll(stacked.Contains);
            }

            charts.RemoveAll(chart => chart.Faces.Count == 0);
            charts.AddRange(grower.Grow([.. stacked.Order()], cancel));
        }

        throw new UnwrapException($"Parts of the surface still overlap after {MaxRounds} rounds. Smooth the mesh.");
    }

    // Squares of very small and very large lengths leave the range of floats. A power of two changes no digit.
    private static TriangleMesh OfUnitSize(TriangleMesh mesh)
    {
        var side = MeshBounds.Of(mesh).LongestSide;
        var power = side > 0 ? Math.ILogB(side) : 0;
        return mesh with { Positions = Array.ConvertAll(mesh.Positions, x => MathF.ScaleB(x, -power)) };
    }

    private static UnwrappedMesh Assemble(
        TriangleMesh mesh, List<FlatChart> charts, double scale, (int X, int Y)[] places, int size)
    {
        var sources = charts.SelectMany(chart => chart.Vertices).ToArray();
        var uvs = new float[2 * sources.Length];
        var indices = new int[mesh.Indices.Length];
        var faceCharts = new int[mesh.FaceCount];
        var start = 0;
        for (var c = 0; c < charts.Count; c++)
        {
            var chart = charts[c];
            var number = new Dictionary<int, int>(chart.Vertices.Length);
            for (var i = 0; i < chart.Vertices.Length; i++)
            {
                number[chart.Vertices[i]] = start + i;
                uvs[2 * (start + i)] = (float)((places[c].X + 0.5 + (chart.Places[i].X * scale)) / size);
                uvs[(2 * (start + i)) + 1] = (float)((places[c].Y + 0.5 + (chart.Places[i].Y * scale)) / size);
            }

            foreach (var face in chart.Chart.Faces)
            {
                faceCharts[face] = c;
                for (var corner = 3 * face; corner < (3 * face) + 3; corner++)
                {
                    indices[corner] = number[mesh.Indices[corner]];
                }
            }

            start += chart.Vertices.Length;
        }

        var split = new TriangleMesh(
            Gather(mesh.Positions, sources), indices, uvs, mesh.Normals is null ? null : Gather(mesh.Normals, sources));
        return new UnwrappedMesh(split, sources, faceCharts, charts.Count);
    }

    private static float[] Gather(float[] triples, int[] sources)
    {
        var gathered = new float[3 * sources.Length];
        for (var i = 0; i < sources.Length; i++)
        {
            triples.AsSpan(3 * sources[i], 3).CopyTo(gathered.AsSpan(3 * i));
        }

        return gathered;
    }
}
