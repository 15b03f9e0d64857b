using System.Diagnostics;
using System.Globalization;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Scenes;
using Realiz3D.Mesh.Shaping;

namespace Realiz3D.Mesh.Benchmarks.Fitting;

/// <summary>Fits a torus, a mug and a chair from a sphere, to eight exact views with masks and normals.</summary>
/// <remarks>1. The object's surface from its field. 2. Its views, drawn by our rasterizer with 4 x 4 samples a pixel. 3. The fit. 4. The comparison.</remarks>
internal static class FitBench
{
    private const int Size = 192;

    private static readonly Camera[] s_cameras = [.. Enumerable.Range(0, 8).Select(k => CameraRig.At(45 * k, k % 2 == 0 ? 20 : 50))];

    /// <summary>Runs the three objects and prints a line each.</summary>
    /// <param name="surface">How surfaces are taken.</param>
    /// <param name="seed">Draws the shapes of mug and chair.</param>
    /// <param name="cancel">Stops within a step.</param>
    /// <returns>Whether all hold the bounds of <see cref="FitScore.Good"/>.</returns>
    public static bool Run(SurfaceKind surface, ulong seed, CancellationToken cancel)
    {
        var config = new MaskNormalFitConfig { Surface = surface };
        Print($"{surface}, R = {config.Cells}, {config.Steps} steps, {s_cameras.Length} views of {Size} px, seed {seed}");
        Print($"object  seconds   Chamfer, of the diagonal   genus wanted  got   pieces   closed, manifold   faces   mask IoU   normals off");
        var good = true;
        foreach (var target in (Func<FitObject>[])[FitObject.Torus, () => FitObject.Scene(SceneCategory.Mug, seed), () => FitObject.Scene(SceneCategory.Chair, seed)])
        {
            var (name, truth) = target();
            var score = Measure(truth, config, cancel);
            var sound = score.Got.Closed && score.Got.Manifold ? "yes" : "no";
            Print($"{name,-6}{score.Seconds,9:F1}{score.Chamfer,27:P3}{score.Wanted.Genus,15}{score.Got.Genus,5}{score.Got.ComponentCount,9}{sound,19}{score.Got.FaceCount,8}{score.MaskIou,11:F4}{score.NormalDegrees,10:F2} deg");
            good &= score.Good;
        }

        Print($"wanted: less than 1 % of the diagonal, the object's genus, one closed manifold piece, 360 s: {(good ? "reached" : "missed")}");
        return good;
    }

    /// <summary>Fits one object.</summary>
    /// <param name="truth">Its surface.</param>
    /// <param name="config">How to fit.</param>
    /// <param name="cancel">Stops within a step.</param>
    public static FitScore Measure(TriangleMesh truth, MaskNormalFitConfig config, CancellationToken cancel)
    {
        var views = MaskNormalViews.Of(truth, s_cameras, Size);
        var clock = Stopwatch.StartNew();
        using var targets = new MaskNormalTargets(views);
        using var fit = new MaskNormalFit(targets, config);
        for (var step = 0; step < config.Steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            fit.Step(step);
        }

        var mesh = fit.Extract();
        return FitScore.Of(truth, views, mesh, clock.Elapsed.TotalSeconds);
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
