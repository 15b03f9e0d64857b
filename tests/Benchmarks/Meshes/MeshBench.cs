using System.Diagnostics;
using System.Globalization;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;

namespace Realiz3D.Mesh.Benchmarks.Meshes;

/// <summary>Unwrapping and decimating one smooth object at growing numbers of faces.</summary>
internal static class MeshBench
{
    private static readonly int[] s_sides = [14, 28, 56, 113];      // 1,568 to 102,152 faces

    /// <summary>Unwraps, and prints seconds, charts and stretch.</summary>
    /// <returns>Whether all have at most faces / 50 charts and 1.3 of L2 stretch, and 100,000 faces took less than 20 s.</returns>
    public static bool Unwrap(CancellationToken cancel)
    {
        Print($"  faces   seconds   us/face   charts (most)   L2 stretch   worst");
        var good = true;
        foreach (var mesh in s_sides.Select(BumpyTorus.Build))
        {
            var (unwrapped, seconds) = Time(() => UvUnwrap.Unwrap(mesh, new UnwrapConfig(), cancel));
            var stretch = TextureStretch.Of(unwrapped.Mesh);
            Print($"{mesh.FaceCount,7}{seconds,10:F2}{1e6 * seconds / mesh.FaceCount,10:F1}{unwrapped.ChartCount,9} {$"({mesh.FaceCount / 50})",-10}{stretch.L2,9:F3}{stretch.Worst,10:F2}");
            good &= unwrapped.ChartCount <= mesh.FaceCount / 50 && stretch.L2 <= 1.3 && seconds < 20;
        }

        Print($"wanted: charts at most a fiftieth of the faces, L2 stretch at most 1.3, 20 s: {(good ? "reached" : "missed")}");
        return good;
    }

    /// <summary>Decimates to a tenth of the faces, and prints seconds and how far the surface has moved.</summary>
    /// <returns>Whether every result has the asked number of faces and the topology of the object.</returns>
    public static bool Decimate(CancellationToken cancel)
    {
        Print($"  faces      to   seconds   us/face   moved, of the diagonal: mean       worst   genus");
        var good = true;
        foreach (var mesh in s_sides.Select(BumpyTorus.Build))
        {
            var budget = mesh.FaceCount / 10;
            var (small, seconds) = Time(() => MeshDecimation.Decimate(mesh, budget, cancel));
            var moved = new SignedDistance(small).At(SomeVertices(mesh)).Select(distance => Math.Abs(distance) / Diagonal(mesh)).ToArray();
            var genus = MeshInspection.Of(small).Genus;
            Print($"{mesh.FaceCount,7}{small.FaceCount,8}{seconds,10:F2}{1e6 * seconds / mesh.FaceCount,10:F1}{moved.Average(),31:P3}{moved.Max(),12:P3}{genus,8}");
            good &= small.FaceCount <= budget && genus == 1;
        }

        Print($"wanted: the asked number of faces, closed, of genus 1: {(good ? "reached" : "missed")}");
        return good;
    }

    // 1,000 to 2,000 of them, evenly.
    private static float[] SomeVertices(TriangleMesh mesh)
    {
        var step = Math.Max(1, mesh.VertexCount / 1000);
        return [.. mesh.Positions.Chunk(3).Where((_, vertex) => vertex % step == 0).SelectMany(place => place)];
    }

    private static (T Result, double Seconds) Time<T>(Func<T> work)
    {
        work();     // the first time is for the compiler
        var clock = Stopwatch.StartNew();
        return (work(), clock.Elapsed.TotalSeconds);
    }

    private static float Diagonal(TriangleMesh mesh) => MathF.Sqrt(Enumerable.Range(0, 3).Sum(axis =>
    {
        var values = mesh.Positions.Where((_, i) => i % 3 == axis);
        return (values.Max() - values.Min()) * (values.Max() - values.Min());
    }));

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
