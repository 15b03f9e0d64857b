using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;

namespace Realiz3D.Mesh.Geometry.Tests;

/// <summary>Exact views of an ellipsoid around the origin under the studio light, by closed form.</summary>
internal static class EllipsoidViews
{
    private const int Samples = 6;

    /// <summary>Renders with 6 x 6 rays per pixel.</summary>
    public static ViewSet Render((double X, double Y, double Z) radii, IReadOnlyList<Camera> cameras, int size = 64)
    {
        var rgba = new float[cameras.Count * 4 * size * size];
        for (var v = 0; v < cameras.Count; v++)
        {
            for (var pixel = 0; pixel < size * size; pixel++)
            {
                var (light, hits) = Shade(radii, cameras[v], pixel / size, pixel % size, size);
                double[] albedo = [0.8, 0.4, 0.2];
                for (var c = 0; c < 3; c++)
                {
                    rgba[(4 * v + c) * size * size + pixel] = (float)(hits > 0 ? albedo[c] * light / hits : 0);
                }

                rgba[(4 * v + 3) * size * size + pixel] = hits / (float)(Samples * Samples);
            }
        }

        var wire = cameras.Select(c => c.ToView());
        return new ViewSet(rgba, size, [.. wire], "scene", "an ellipsoid", 0, "");
    }

    private static (double Light, int Hits) Shade(
        (double X, double Y, double Z) radii, Camera camera, int row, int column, int size)
    {
        var (light, hits, eye) = (0.0, 0, camera.Position());
        for (var s = 0; s < Samples * Samples; s++)
        {
            var ray = camera.RayDirection(column + (s % Samples + 0.5) / Samples, row + (s / Samples + 0.5) / Samples, size);

            // |(eye + t ray) / radii|^2 = 1, the nearer root.
            double[] o = [eye[0] / radii.X, eye[1] / radii.Y, eye[2] / radii.Z];
            double[] d = [ray[0] / radii.X, ray[1] / radii.Y, ray[2] / radii.Z];
            var (a, b, c) = (Dot(d, d), Dot(o, d), Dot(o, o) - 1);
            if (b * b - a * c <= 0)
            {
                continue;
            }

            var t = (-b - Math.Sqrt(b * b - a * c)) / a;
            double[] n = [(o[0] + t * d[0]) / radii.X, (o[1] + t * d[1]) / radii.Y, (o[2] + t * d[2]) / radii.Z];
            var length = Math.Sqrt(Dot(n, n));
            light += StudioLight.Irradiance(n[0] / length, n[1] / length, n[2] / length);
            hits++;
        }

        return (light, hits);
    }

    private static double Dot(double[] a, double[] b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
