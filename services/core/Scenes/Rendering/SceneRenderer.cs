using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Scenes.Solids;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Scenes;

/// <summary>Renders objects in the synthetic domain: plain shading by the studio light, no shadow, no highlight.</summary>
/// <remarks>
/// 1. One ray per pixel centre finds positions. 2. Normals by differences. 3. radiance = albedo * L(normal).
/// 4. Pixels whose neighbourhood is not smooth get 2 x 2 rays of their own; colours are averaged weighted by coverage.
/// </remarks>
public static class SceneRenderer
{
    // Half the side of the tetrahedron of differences, world units: a thirtieth of a pixel at 64 pixels.
    private const double Step = 5e-4;

    // Pixels that differ from a neighbour by more than this in any of R, G, B, alpha are sampled again.
    private const double Contrast = 0.06;

    private static readonly (double Across, double Down)[] Samples =
        [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)];

    /// <summary>Renders views of an object.</summary>
    /// <param name="scene">The object.</param>
    /// <param name="cameras">One per view, V of them.</param>
    /// <param name="size">Rows and columns of each view, H = W.</param>
    /// <param name="device">Where to compute; the CPU by default.</param>
    /// <returns>The views. The caller disposes them.</returns>
    public static SceneRender Render(SceneObject scene, IReadOnlyList<Camera> cameras, int size, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(cameras);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);

        using var inference = no_grad();
        using var scope = NewDisposeScope();

        // 1. Where each pixel's centre looks.
        var views = new ViewRays(cameras, size, device ?? CPU);
        var rays = views.Centres();
        var pixels = (long)cameras.Count * size * size;
        var (hit, distance) = SphereTracer.Trace(scene, rays);
        var seen = rays.Take(hit);
        var points = seen.At(distance);

        // 2. and 3. What it sees there.
        var normals = Normals(scene, points);                                                       // [3, M]
        var albedo = scene.Albedo(points);                                                          // [3, M]
        var radiance = albedo * StudioLight.Irradiance(normals, 0);                                 // [3, M]
        var mask = ones_like(distance).unsqueeze(0);                                                // [1, M]

        var rgba = Spread(cat([radiance, mask], 0), hit, pixels);                                   // [4, P]

        // 4. Again, finer, where neighbours differ.
        var edges = Edges(Images(rgba, cameras.Count, size)).reshape(-1).nonzero().squeeze(1);
        if (edges.shape[0] > 0)
        {
            rgba.index_copy_(1, edges, Supersample(scene, views, edges));
        }

        Tensor Controls(Tensor values) =>
            Images(Spread(values, hit, pixels), cameras.Count, size).MoveToOuterDisposeScope();
        return new SceneRender(
            Images(rgba, cameras.Count, size).MoveToOuterDisposeScope(),
            Controls(albedo),
            Controls(normals),
            Controls(stack([points.X, points.Y, points.Z])),
            Controls((distance * seen.Forward).unsqueeze(0)),
            Controls(mask));
    }

    // The gradient from four corners of a tetrahedron: sum of corner * distance at the corner, made unit.
    private static Tensor Normals(SceneObject scene, Points p)
    {
        using var scope = NewDisposeScope();

        Tensor Corners(Tensor t, double a, double b, double c, double d) => cat([t + a, t + b, t + c, t + d], 0);
        const double h = Step;
        var around = scene.Distance(new Points(
            Corners(p.X, h, h, -h, -h), Corners(p.Y, h, -h, h, -h), Corners(p.Z, h, -h, -h, h))).reshape(4, -1);
        var (a, b, c, d) = (around.select(0, 0), around.select(0, 1), around.select(0, 2), around.select(0, 3));
        var gradient = stack([a + b - c - d, a - b + c - d, a - b - c + d]);                        // [3, M]
        var length = (gradient * gradient).sum(0, keepdim: true).sqrt().clamp_min(1e-12);
        return (gradient / length).MoveToOuterDisposeScope();
    }

    private static Tensor Supersample(SceneObject scene, ViewRays views, Tensor pixels)
    {
        using var scope = NewDisposeScope();

        var count = pixels.shape[0];
        var each = Samples.Select(s => views.Inside(pixels, s.Across, s.Down)).ToArray();
        var rays = new Rays(
            Join([.. each.Select(r => r.Origin)]),
            Join([.. each.Select(r => r.Direction)]),
            cat(each.Select(r => r.Forward).ToArray(), 0));
        var (hit, distance) = SphereTracer.Trace(scene, rays);
        var points = rays.Take(hit).At(distance);
        var radiance = scene.Albedo(points) * StudioLight.Irradiance(Normals(scene, points), 0);
        var samples = Spread(cat([radiance, ones_like(distance).unsqueeze(0)], 0), hit, count * Samples.Length);
        var sum = samples.reshape(4, Samples.Length, count).sum(1);                                 // [4, N]
        var alpha = sum.narrow(0, 3, 1);
        var colour = sum.narrow(0, 0, 3) / alpha.clamp_min(1);
        return cat([colour, alpha * (1.0 / Samples.Length)], 0).MoveToOuterDisposeScope();
    }

    private static Points Join(Points[] parts) => new(
        cat(parts.Select(p => p.X).ToArray(), 0),
        cat(parts.Select(p => p.Y).ToArray(), 0),
        cat(parts.Select(p => p.Z).ToArray(), 0));

    // [C, M] values of some pixels to [C, P], 0 elsewhere.
    private static Tensor Spread(Tensor values, Tensor index, long pixels) =>
        zeros(values.shape[0], pixels, device: values.device).index_copy_(1, index, values);

    // [C, V H W] to [V, C, H, W].
    private static Tensor Images(Tensor flat, int views, int size) =>
        flat.reshape(flat.shape[0], views, size, size).permute(1, 0, 2, 3).contiguous();

    // Whether any channel varies among the pixel and its eight neighbours, [V, 1, H, W].
    private static Tensor Edges(Tensor rgba) => (Highest(rgba) + Highest(-rgba)).amax([1]).gt(Contrast);

    private static Tensor Highest(Tensor x)
    {
        foreach (var dimension in new[] { 2L, 3L })
        {
            var n = x.shape[dimension];
            var before = cat([x.narrow(dimension, 0, 1), x.narrow(dimension, 0, n - 1)], dimension);
            var after = cat([x.narrow(dimension, 1, n - 1), x.narrow(dimension, n - 1, 1)], dimension);
            x = maximum(x, maximum(before, after));
        }

        return x;
    }
}
