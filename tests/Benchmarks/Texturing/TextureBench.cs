using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Scenes;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Benchmarks.Texturing;

/// <summary>How well a texture baked from twelve views shows an object at eight other cameras, on the object's own surface.</summary>
/// <remarks>
/// 1. Every second category, its number added to the seed, so that colours and materials differ. The surface is extracted from the
/// object's own field and unwrapped.
/// 2. Twelve renders of 512 pixels from the corners of an icosahedron, baked into 1024 texels.
/// 3. The asset, its texture in 8 bits, and exact renders at eight of that icosahedron's face centres, the corners of a cube: no
/// direction is farther from the twelve. Compared in sRGB over pixels that both cover by more than half and all of whose texels a
/// view saw. Beside it the same for the object's own albedo, baked texel by texel: what no baker can pass at this texel density.
/// </remarks>
internal static class TextureBench
{
    private const int Size = 512;
    private const int Cells = 96;
    private const float AllSeen = 0.999f;

    private static readonly double s_golden = (1 + Math.Sqrt(5)) / 2;

    private static readonly Camera[] s_given =
        [.. from a in Signs from b in Signs from turn in Enumerable.Range(0, 3) select Towards(Turned(0, a, b * s_golden, turn))];

    private static readonly Camera[] s_heldOut =
        [.. from x in Signs from y in Signs from z in Signs select Towards((x, y, z))];

    private sealed record Score(double Psnr, double Oracle, double Unseen, SeamSteps Seams, int Faces, int Charts, double Seconds);

    private static double[] Signs => [-1, 1];

    /// <summary>Runs the eight objects and prints a line each.</summary>
    /// <param name="seed">Seed of the objects, to which the category's number is added.</param>
    /// <param name="all">Whether all sixteen categories are taken, for orientation.</param>
    /// <param name="cancel">Stops before the next object.</param>
    /// <returns>Whether the mean is at least 32 dB, the worst 28 dB, no seam's step more than 2/255 above that inside charts, at
    /// creases or not, and at no object's seams two charts' colours for the same place farther apart.</returns>
    public static bool Run(ulong seed, bool all, CancellationToken cancel)
    {
        Print($"object      PSNR      true albedo   unseen   step across seams / inside charts (places), both at creases   at the edge   faces  charts   seconds");
        var scores = new List<Score>();
        foreach (var category in Enum.GetValues<SceneCategory>().Where((_, i) => all || i % 2 == 0))
        {
            cancel.ThrowIfCancellationRequested();
            var score = Measure(SceneObject.FromSeed(seed + (ulong)category, category), cancel);
            scores.Add(score);
            Print(
                $"{category,-10}{score.Psnr,6:F2} dB{score.Oracle,12:F2} dB{score.Unseen,9:P2}{score.Seams.Across,18:F2} / {score.Seams.Inside,-14:F2}{$"({score.Seams.Places})",-11}{$"{score.Seams.AcrossCreases:F2} / {score.Seams.InsideCreases:F2}",15}{score.Seams.AtEdge,14:F2}{score.Faces,8}{score.Charts,8}{score.Seconds,10:F1}");
        }

        var (mean, worst) = (scores.Average(score => score.Psnr), scores.Min(score => score.Psnr));
        var step = scores.Max(score => score.Seams.Across - score.Seams.Inside);
        var crease = scores.Max(score => score.Seams.AcrossCreases - score.Seams.InsideCreases);
        var edge = scores.Max(score => score.Seams.AtEdge);
        var good = mean >= 32 && worst >= 28 && step <= 2 && crease <= 2 && edge <= 2;
        Print($"mean {mean:F2} dB (wanted 32), worst {worst:F2} dB (28); seams at most {step:F2} above inside (2), at creases {crease:F2} (2), at the edge itself {edge:F2} (2): {(good ? "reached" : "missed")}");
        Print($"unseen texels: {scores.Average(score => score.Unseen):P2} on average, {scores.Max(score => score.Unseen):P2} at most");
        return good;
    }

    private static Score Measure(SceneObject scene, CancellationToken cancel)
    {
        // 1. Surface.
        var surface = SceneSurface.Of(scene, Cells);
        var unwrapped = UvUnwrap.Unwrap(
            surface with { Normals = SceneField.Normals(scene, surface) }, new UnwrapConfig(MaxFaces: 1_000_000, MaxTime: TimeSpan.FromMinutes(5)), cancel);
        var mesh = unwrapped.Mesh;

        // 2. Bake.
        var views = Render(scene, s_given);
        var clock = Stopwatch.StartNew();
        var texture = ViewBaker.Bake(mesh, views, new ViewBakeConfig(), cancel);
        var seconds = clock.Elapsed.TotalSeconds;

        // 3. Compare.
        var truth = Render(scene, s_heldOut);
        var oracle = SurfaceBaker.Bake(
            mesh, (places, _) => SceneField.Albedo(scene, places), new SurfaceBakeConfig(SamplesPerSide: 2), cancel);
        var marks = new AssetRenderer(mesh, new AlbedoTexture(
            texture.Size, Array.ConvertAll(texture.Unseen!, unseen => new Vector3(unseen ? 0 : 1, 1, 1)), 1));
        var psnr = Psnr(marks, truth, Asset(mesh, texture), Asset(mesh, new AlbedoTexture(texture.Size, oracle, 1)));
        return new Score(
            psnr[0], psnr[1], 1 - texture.Coverage, SeamSteps.Of(unwrapped, texture, places => SceneField.Albedo(scene, places)),
            mesh.FaceCount, unwrapped.ChartCount, seconds);
    }

    // Decibels of sRGB values with peak 1, over all views together, one number per asset.
    private static double[] Psnr(AssetRenderer marks, ViewSet truth, params AssetRenderer[] assets)
    {
        var plane = truth.Size * truth.Size;
        var (sums, count) = (new double[assets.Length], 0);
        for (var view = 0; view < truth.Count; view++)
        {
            var (wanted, camera) = (truth.View(view), Camera.Of(truth.Cameras[view]));
            var seen = marks.Render(camera, truth.Size);
            var shown = Array.ConvertAll(assets, asset => asset.Render(camera, truth.Size));
            for (var value = 0; value < 3 * plane; value++)
            {
                var pixel = value % plane;
                if (wanted[(3 * plane) + pixel] > 0.5f && seen[(3 * plane) + pixel] > 0.5f && seen[pixel] >= AllSeen * seen[plane + pixel])
                {
                    count++;
                    for (var asset = 0; asset < assets.Length; asset++)
                    {
                        sums[asset] += Math.Pow(Encoded(shown[asset][value]) - Encoded(wanted[value]), 2);
                    }
                }
            }
        }

        return Array.ConvertAll(sums, sum => -10 * Math.Log10(sum / count));
    }

    // What a reader of the file sees.
    private static AssetRenderer Asset(TriangleMesh mesh, AlbedoTexture texture) =>
        AssetRenderer.Of(new GlbAsset(mesh, new GlbMaterial(texture.ToPng())), "the asset");

    private static ViewSet Render(SceneObject scene, Camera[] cameras)
    {
        var views = cameras.SelectMany(camera =>
        {
            using var render = SceneRenderer.Render(scene, [camera], Size);
            return render.Rgba.data<float>().ToArray();
        });
        return new ViewSet([.. views], Size, [.. cameras.Select(camera => camera.ToView())], "scene", scene.Caption, (long)scene.Seed, "");
    }

    private static (double X, double Y, double Z) Turned(double x, double y, double z, int turn) =>
        turn == 0 ? (x, y, z) : Turned(z, x, y, turn - 1);

    private static Camera Towards((double X, double Y, double Z) d)
    {
        var length = Math.Sqrt((d.X * d.X) + (d.Y * d.Y) + (d.Z * d.Z));
        return CameraRig.At(Math.Atan2(d.X, d.Z) * 180 / Math.PI, Math.Asin(d.Y / length) * 180 / Math.PI);
    }

    private static double Encoded(float linear) => Srgb.FromLinear(Math.Clamp(linear, 0, 1));

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
