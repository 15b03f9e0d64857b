using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering.Tests;

/// <summary>A sphere with a known colour at each point, rendered exactly: one ray per sample against the equation.</summary>
internal sealed record PaintedSphere(float Radius, Func<Vector3, Vector3> Albedo, Func<Vector3, double> Light)
{
    private const int SamplesPerSide = 4;

    public ViewSet Views(IEnumerable<Camera> cameras, int size)
    {
        Camera[] all = [.. cameras];
        return new ViewSet(
            [.. all.SelectMany(camera => View(camera, size))],
            size,
            [.. all.Select(c => c.ToView())],
            "scene",
            "a sphere",
            0,
            "");
    }

    public float[] View(Camera camera, int size)
    {
        var rgba = new float[4 * size * size];
        for (var pixel = 0; pixel < size * size; pixel++)
        {
            var (sum, hits) = (Vector3.Zero, 0);
            for (var sample = 0; sample < SamplesPerSide * SamplesPerSide; sample++)
            {
                var column = (pixel % size) + (((sample % SamplesPerSide) + 0.5) / SamplesPerSide);
                var row = (pixel / size) + (((sample / SamplesPerSide) + 0.5) / SamplesPerSide);
                if (Hit(camera, camera.RayDirection(column, row, size)) is { } point)
                {
                    var normal = Vector3.Normalize(point);
                    sum += Albedo(point) * (float)Light(normal);
                    hits++;
                }
            }

            for (var channel = 0; channel < 3 && hits > 0; channel++)
            {
                rgba[(channel * size * size) + pixel] = sum[channel] / hits;
            }

            rgba[(3 * size * size) + pixel] = hits / (float)(SamplesPerSide * SamplesPerSide);
        }

        return rgba;
    }

    private Vector3? Hit(Camera camera, double[] direction)
    {
        var origin = camera.Position();
        var along = -((origin[0] * direction[0]) + (origin[1] * direction[1]) + (origin[2] * direction[2]));
        var inside = (along * along) - (camera.Radius * camera.Radius) + ((double)Radius * Radius);
        if (inside < 0)
        {
            return null;
        }

        var t = along - Math.Sqrt(inside);
        return new Vector3(
            (float)(origin[0] + (t * direction[0])), (float)(origin[1] + (t * direction[1])), (float)(origin[2] + (t * direction[2])));
    }
}
