using System.Diagnostics;
using System.Globalization;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Scenes;
using Realiz3D.Mesh.Shaping;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Benchmarks.Reconstruction;

/// <summary>The pipeline without the model: exact views of one object per category, reconstructed and textured in process.</summary>
/// <remarks>
/// 1. Render the object at the rig and at four cameras that the rig lacks, fixed beforehand. 2. Fit, extract, unwrap, bake.
/// 3. Silhouette IoU at both sets, and PSNR of colour at the second, as <see cref="SceneFidelity"/> defines it.
/// </remarks>
internal static class ReconstructBench
{
    private sealed record Score(
        double[] Fitted, double[] HeldOut, double Psnr, double FitSeconds, double PreviewSeconds, double TextureSeconds, MeshInspection Mesh);

    /// <summary>Runs all categories and prints a line each, and the medians.</summary>
    /// <param name="seed">Seed of the objects.</param>
    /// <param name="cancel">Stops before the next object.</param>
    /// <returns>Whether the bounds hold: 0.97 median and 0.90 worst at the rig; 0.93 median elsewhere, and there 26 dB for each object; previews under 2 % of the fit.</returns>
    public static bool Run(ulong seed, CancellationToken cancel)
    {
        Print("object     rig IoU mean/worst   held-out IoU mean/worst   PSNR    fit     texture  faces  pieces  sound");
        var scores = new List<Score>();
        foreach (var category in Enum.GetValues<SceneCategory>())
        {
            cancel.ThrowIfCancellationRequested();
            var score = Measure(SceneObject.FromSeed(seed, category), cancel);
            scores.Add(score);
            Print(
                $"{category,-10} {score.Fitted.Average():F3} {score.Fitted.Min():F3}          "
                + $"{score.HeldOut.Average():F3} {score.HeldOut.Min():F3}               {score.Psnr:F1} dB "
                + $"{score.FitSeconds,5:F1} s {score.TextureSeconds,5:F1} s {score.Mesh.FaceCount,8} "
                + $"{score.Mesh.ComponentCount,4}    {(score.Mesh.Closed && score.Mesh.Manifold ? "yes" : "no")}");
        }

        var fitted = scores.SelectMany(score => score.Fitted).ToArray();
        var heldOut = Statistics.Median(scores.SelectMany(score => score.HeldOut));
        var psnr = scores.Min(score => score.Psnr);
        Print($"rig IoU: median {Statistics.Median(fitted):F4}, worst {fitted.Min():F4} (wanted 0.97, 0.90)");
        Print($"held-out IoU: median {heldOut:F4} (wanted 0.93); PSNR: median {Statistics.Median(scores.Select(score => score.Psnr)):F2}, worst {psnr:F2} dB (wanted 26 for each object)");
        Print($"seconds: fit {scores.Average(s => s.FitSeconds):F1}, texture {scores.Average(s => s.TextureSeconds):F1} on average");
        var previews = scores.Sum(s => s.PreviewSeconds) / scores.Sum(s => s.FitSeconds);
        Print($"previews: {100 * previews:F2} % of the fit's time (wanted below 2 %)");
        return previews < 0.02 && Statistics.Median(fitted) >= 0.97 && fitted.Min() >= 0.90 && heldOut >= 0.93 && psnr >= 26;
    }

    private static Score Measure(SceneObject scene, CancellationToken cancel)
    {
        // 1. Render.
        var views = SceneFidelity.Render(scene, CameraRig.Zero123PlusV12);
        var truth = SceneFidelity.Render(scene, SceneFidelity.HeldOut);

        // 2. Fit, extract, unwrap, bake.
        var clock = Stopwatch.StartNew();
        var config = new ShapeFitConfig();
        var previewSeconds = 0.0;
        using var targets = new FitTargets(views);
        using var fit = new ShapeFit(targets, config);
        for (var step = 0; step < config.Steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            fit.Step(step);
            if (step % ReconstructPipeline.StepsPerPreview == 0)
            {
                clock.Stop();
                var started = Stopwatch.GetTimestamp();
                MeshPreview.Of(fit.Extract());
                previewSeconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
                clock.Start();
            }
        }

        var mesh = fit.Extract();
        var fitSeconds = clock.Elapsed.TotalSeconds;
        clock.Restart();
        var unwrapped = UvUnwrap.Unwrap(mesh with { Normals = mesh.AreaWeightedNormals() }, new UnwrapConfig(), cancel).Mesh;
        var texture = ViewBaker.Bake(unwrapped, views, new ViewBakeConfig(), cancel);
        var textureSeconds = clock.Elapsed.TotalSeconds;

        // 3. Compare.
        var asset = new AssetRenderer(unwrapped, texture);
        return new Score(
            Silhouettes.Ious(asset, views),
            Silhouettes.Ious(asset, truth),
            SceneFidelity.Psnr(asset, truth),
            fitSeconds,
            previewSeconds,
            textureSeconds,
            MeshInspection.Of(mesh, weld: false, cancel));
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static void Print(string line) => Console.WriteLine(line);
}
