using System.Diagnostics;
using System.Globalization;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;

namespace Realiz3D.Mesh.Benchmarks.Meshes;

/// <summary>Work on one smooth object at growing numbers of faces.</summary>
internal static class MeshBench
{
    private const double MostGrowth = 24;                            // over three doublings: 8 if linear, 64 if quadratic

    private static readonly int[] s_corners = [5_000, 10_000, 20_000, 40_000];
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

    /// <summary>Decimates to a tenth of the faces, and prints seconds and how far the surface has moved; then solids whose faces all meet at two tips.</summary>
    /// <returns>Whether every result has the asked number of faces and the topology of the object, and time does not grow as the square of the tips' faces.</returns>
    public static bool Decimate(CancellationToken cancel)
    {
        Print($"  faces      to   seconds   us/face   moved, of the diagonal: mean       worst   genus");
        var good = true;
        foreach (var mesh in s_sides.Select(BumpyTorus.Build))
        {
            var budget = mesh.FaceCount / 10;
            var (small, seconds) = Time(() => MeshDecimation.Decimate(mesh, budget, cancel));
            var moved = new SignedDistance(small).At(SomeVertices(mesh)).Select(distance => Math.Abs(distance) / Diagonal(mesh)).ToArray();
            var genus = MeshInspection.Of(small, weld: true, cancel).Genus;
            Print($"{mesh.FaceCount,7}{small.FaceCount,8}{seconds,10:F2}{1e6 * seconds / mesh.FaceCount,10:F1}{moved.Average(),31:P3}{moved.Max(),12:P3}{genus,8}");
            good &= small.FaceCount <= budget && genus == 1;
        }

        good &= DecimateTips(cancel);
        Print($"wanted: the asked number of faces, closed, of genus 1 and 0; at the tips at most {MostGrowth} times from the first to the last: {(good ? "reached" : "missed")}");
        return good;
    }

    /// <summary>The same for two cones on one base, half of the faces at either tip.</summary>
    private static bool DecimateTips(CancellationToken cancel)
    {
        Print($"  faces      to   seconds   us/face   growth   volume lost   genus (two cones, half of the faces at each tip)");
        var (good, first, last) = (true, 0.0, 0.0);
        foreach (var corners in s_corners)
        {
            var mesh = TwoCones.Build(corners);
            var budget = mesh.FaceCount / 10;
            var (small, seconds) = Time(() => MeshDecimation.Decimate(mesh, budget, cancel));
            var (before, after) = (MeshInspection.Of(mesh, weld: true, cancel), MeshInspection.Of(small, weld: true, cancel));
            Print($"{mesh.FaceCount,7}{small.FaceCount,8}{seconds,10:F2}{1e6 * seconds / mesh.FaceCount,10:F1}{(last > 0 ? seconds / last : 1),9:F2}{1 - (after.SignedVolume / before.SignedVolume),14:P3}{after.Genus,8}");
            good &= small.FaceCount <= budget && after.Genus == 0;
            (first, last) = (first > 0 ? first : seconds, seconds);
        }

        return good && last <= MostGrowth * first;
    }

    /// <summary>Remeshes to edges of the objects' own mean length, and prints seconds and how even the edges have become.</summary>
    /// <returns>Whether every result is closed, of genus 1, with nine edges of ten within half and one and a half of the length.</returns>
    public static bool Remesh(CancellationToken cancel)
    {
        Print($"  faces      to   seconds   us/face   even edges   genus");
        var good = true;
        foreach (var mesh in s_sides.Select(BumpyTorus.Build))
        {
            var length = EdgeLengths(mesh).Average();
            var (result, seconds) = Time(() => IsotropicRemeshing.Remesh(mesh, length, cancel: cancel));
            var even = EdgeLengths(result).Count(edge => edge > 0.5 * length && edge < 1.5 * length) / (3.0 * result.FaceCount);
            var genus = MeshInspection.Of(result, weld: true, cancel).Genus;
            Print($"{mesh.FaceCount,7}{result.FaceCount,8}{seconds,10:F2}{1e6 * seconds / mesh.FaceCount,10:F1}{even,13:P1}{genus,8}");
            good &= even > 0.9 && genus == 1;
        }

        Print($"wanted: closed, of genus 1, 90 % of the edges within half and one and a half of the length: {(good ? "reached" : "missed")}");
        return good;
    }

    /// <summary>Signed distances of 100,000 places, half near the surface and half anywhere, and prints seconds.</summary>
    public static void Distance(CancellationToken cancel)
    {
        Print($"  faces   prepared in   places   seconds   us/place");
        foreach (var mesh in s_sides.Select(BumpyTorus.Build))
        {
            cancel.ThrowIfCancellationRequested();
            var (distance, prepared) = Time(() => new SignedDistance(mesh));
            var places = Places(mesh, 100_000);
            var (_, seconds) = Time(() => distance.At(places));
            Print($"{mesh.FaceCount,7}{prepared,14:F2}{places.Length / 3,9}{seconds,10:F2}{1e6 * seconds / (places.Length / 3),11:F2}");
        }
    }

    /// <summary>Diagonal of a mesh's box.</summary>
    public static double Diagonal(TriangleMesh mesh) => Math.Sqrt(Enumerable.Range(0, 3).Sum(axis =>
    {
        var values = mesh.Positions.Where((_, i) => i % 3 == axis).ToArray();
        return Math.Pow(values.Max() - values.Min(), 2);
    }));

    // Every second place a hundredth off a vertex, the others anywhere in the box [-0.6, 0.6]^3.
    private static float[] Places(TriangleMesh mesh, int count)
    {
        var random = new Random(1);
        var places = new float[3 * count];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = i / 3 % 2 == 0
                ? mesh.Positions[i % mesh.Positions.Length] + (0.02f * random.NextSingle()) - 0.01f
                : (1.2f * random.NextSingle()) - 0.6f;
        }

        return places;
    }

    private static double[] EdgeLengths(TriangleMesh mesh) =>
        [.. Enumerable.Range(0, mesh.Indices.Length).Select(i =>
            (double)(mesh.Position(mesh.Indices[i]) - mesh.Position(mesh.Indices[i - (i % 3) + ((i + 1) % 3)])).Length())];

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

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
