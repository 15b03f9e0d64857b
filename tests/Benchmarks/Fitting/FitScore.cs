using Realiz3D.Mesh.Benchmarks.Meshes;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Shaping;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Benchmarks.Fitting;

/// <summary>How close a fitted mesh came to its object.</summary>
/// <param name="Seconds">What the fit took, extraction included.</param>
/// <param name="Chamfer">Half the sum of both mean distances, 100,000 points each, as a share of the object's box diagonal.</param>
/// <param name="Wanted">The object's own topology.</param>
/// <param name="Got">The fitted mesh's.</param>
/// <param name="MaskIou">Mean over the views.</param>
/// <param name="NormalDegrees">Mean angle between normals at pixels that both cover wholly.</param>
internal sealed record FitScore(
    double Seconds, double Chamfer, MeshInspection Wanted, MeshInspection Got, double MaskIou, double NormalDegrees)
{
    private const int Points = 100_000;
    private const float Whole = 0.99f;

    /// <summary>Whether the bounds hold: 1 % of the diagonal, six minutes, the object's genus in one closed manifold piece.</summary>
    public bool Good => Chamfer < 0.01 && Seconds < 360 && Got.Genus == Wanted.Genus
        && Got is { Closed: true, Manifold: true, ComponentCount: 1 };

    /// <summary>Measures.</summary>
    /// <param name="truth">The object.</param>
    /// <param name="views">Its views.</param>
    /// <param name="mesh">What was fitted.</param>
    /// <param name="seconds">How long that took.</param>
    public static FitScore Of(TriangleMesh truth, MaskNormalViews views, TriangleMesh mesh, double seconds)
    {
        var shown = MaskNormalViews.Of(mesh, views.Cameras, views.Size);
        var clouds = CloudComparison.Of(Cloud(mesh, 1), Cloud(truth, 2));
        return new(
            seconds,
            clouds.ChamferL1 / MeshBench.Diagonal(truth),
            MeshInspection.Of(truth, weld: false),
            MeshInspection.Of(mesh, weld: false),
            Enumerable.Range(0, views.Cameras.Count).Average(view => Iou(views, shown, view)),
            NormalError(views, shown));
    }

    private static float[] Cloud(TriangleMesh mesh, ulong seed)
    {
        var random = new Philox(seed, DrawPurpose.Data);
        var uniforms = new float[3 * Points];
        for (var i = 0; i < uniforms.Length; i++)
        {
            uniforms[i] = Math.Min((float)random.Uniform(0, i), MathF.BitDecrement(1));
        }

        return new SurfaceSampler(mesh).Sample(uniforms).Points;
    }

    private static double Iou(MaskNormalViews views, MaskNormalViews shown, int view)
    {
        var pixels = views.Size * views.Size;
        return Silhouettes.Iou(views.Coverage.AsSpan(view * pixels, pixels), shown.Coverage.AsSpan(view * pixels, pixels));
    }

    private static double NormalError(MaskNormalViews views, MaskNormalViews shown)
    {
        var (sum, count, pixels) = (0.0, 0, views.Size * views.Size);
        for (var pixel = 0; pixel < views.Coverage.Length; pixel++)
        {
            if (views.Coverage[pixel] > Whole && shown.Coverage[pixel] > Whole)
            {
                var (dot, one, other) = (0.0, 0.0, 0.0);
                for (var axis = 0; axis < 3; axis++)
                {
                    var at = (((3 * (pixel / pixels)) + axis) * pixels) + (pixel % pixels);
                    var (a, b) = (views.Normals[at], shown.Normals[at]);
                    (dot, one, other) = (dot + (a * b), one + (a * a), other + (b * b));
                }

                sum += Math.Acos(Math.Clamp(dot / Math.Max(1e-12, Math.Sqrt(one * other)), -1, 1)) * 180 / Math.PI;
                count++;
            }
        }

        return sum / Math.Max(1, count);
    }
}
