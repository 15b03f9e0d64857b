using System.Diagnostics;
using System.Globalization;
using Realiz3D.Mesh.Benchmarks.Meshes;
using Realiz3D.Mesh.Rendering;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Benchmarks.Raster;

/// <summary>Both rasterizers of ours and Mesa's on one smooth object of growing fineness.</summary>
/// <remarks>
/// All three get the same clip-space vertices and draw triangle numbers and depth into 512 x 512 pixels, by turns; medians count. OpenGL snaps
/// vertices to a fraction of a pixel, so a few pixels at triangles' edges go to a neighbour there.
/// </remarks>
internal static class RasterBench
{
    private const int Size = 512;
    private const double MostTimes = 2;
    private const int Judged = 112;                                     // 100,352 triangles
    private static readonly int[] s_sides = [11, 35, Judged, 354];      // 968 to 1,002,528 triangles

    /// <summary>Measures.</summary>
    /// <param name="rounds">Turns of each.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>Whether our CPU rasterizer takes at most twice Mesa's time at 100,000 triangles, and agrees with its tensor twin everywhere.</returns>
    public static bool Run(int rounds, CancellationToken cancel)
    {
        using var mesa = new SoftwareOpenGl(Size);
        Print($"{mesa.Renderer}; {Environment.ProcessorCount} processors; {Size} x {Size} pixels; medians of {rounds} rounds");
        Print($"triangles    pixels   ms: intrinsics    tensors   llvmpipe   M triangles/s                   M pixels/s                     ratio   ids as Mesa's");
        var good = true;
        foreach (var side in s_sides)
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var mesh = BumpyTorus.Build(side);
            var clip = MeshOps.ToClip(tensor(mesh.Positions, [mesh.VertexCount, 3]), [CameraRig.At(30, 35)]);
            var faces = tensor(mesh.Indices, [mesh.FaceCount, 3]).to(ScalarType.Int64);
            var vertices = clip.data<float>().ToArray();
            mesa.Load(vertices, mesh.Indices);

            var (ours, twin) = (ZBuffer.Draw(vertices, 1, mesh.Indices, Size, Size), TensorZBuffer.Draw(clip, faces, Size, Size));
            mesa.Draw();
            var theirs = mesa.Read();
            var same = twin.Triangles.data<long>().ToArray().Select(triangle => (int)triangle).SequenceEqual(ours.Triangles);
            var pixels = ours.Triangles.Count(triangle => triangle >= 0);
            var agreeing = ours.Triangles.Zip(theirs).Count(pair => pair.First == pair.Second) / (double)ours.Triangles.Length;

            var times = Measure(rounds, cancel,
                () => ZBuffer.Draw(vertices, 1, mesh.Indices, Size, Size),
                () => DrawTensors(clip, faces),
                mesa.Draw);
            var ratio = times[0] / times[2];
            var rates = string.Concat(times.Select(ms => Text($"{mesh.FaceCount / ms / 1e3,10:F2}")));
            var fills = string.Concat(times.Select(ms => Text($"{pixels / ms / 1e3,10:F2}")));
            Print($"{mesh.FaceCount,9}{pixels,10}{times[0],17:F2}{times[1],11:F1}{times[2],11:F2}{rates}{fills}{ratio,8:F2}{agreeing,14:P2}{(same ? "" : "   the twins differ")}");
            good &= same && (side != Judged || ratio <= MostTimes);
        }

        Print($"ratio: intrinsics through llvmpipe; wanted at most {MostTimes} at 100,352 triangles, and the tensors' picture equal to the bit: {(good ? "reached" : "missed")}");
        return good;
    }

    private static void DrawTensors(Tensor clip, Tensor faces)
    {
        using var scope = NewDisposeScope();
        TensorZBuffer.Draw(clip, faces, Size, Size);
    }

    // Milliseconds of each, the median of its turns.
    private static double[] Measure(int rounds, CancellationToken cancel, params Action[] works)
    {
        var times = Array.ConvertAll(works, _ => new List<double>());
        for (var round = -1; round < rounds; round++)       // the first one is for the compilers
        {
            for (var k = 0; k < works.Length; k++)
            {
                cancel.ThrowIfCancellationRequested();
                var clock = Stopwatch.StartNew();
                works[k]();
                if (round >= 0)
                {
                    times[k].Add(clock.Elapsed.TotalMilliseconds);
                }
            }
        }

        return Array.ConvertAll(times, turns => turns.Order().ElementAt(turns.Count / 2));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Print(FormattableString line) => Console.WriteLine(Text(line));
}
