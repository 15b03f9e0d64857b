using static TorchSharp.torch;

namespace Realiz3D.Mesh.Scenes;

/// <summary>Finds where rays first meet an object.</summary>
/// <remarks>
/// Sphere tracing (Hart 1996, The Visual Computer 12, 527-545): step by the distance to the nearest surface, which cannot
/// pass through it. Rays start where they enter the object's sphere. After every other step the rays that have arrived or
/// left are put aside, so that the cost follows the few that graze.
/// </remarks>
internal static class SphereTracer
{
    private const int MaxSteps = 48;

    // A step this short ends a ray: a hundredth of a pixel of a 64 pixel view.
    private const double Arrived = 1.5e-4;

    // A ray that runs out of steps this close to the surface counts as a hit: a tenth of a pixel.
    private const double Close = 1.5e-3;

    private const double SphereRadius = 0.5;

    /// <summary>Traces rays.</summary>
    /// <param name="scene">The object.</param>
    /// <param name="rays">N rays.</param>
    /// <returns>Indices of the rays that hit, [M], and their distances from the origin, [M].</returns>
    public static (Tensor Index, Tensor Distance) Trace(SceneObject scene, Rays rays)
    {
        using var scope = NewDisposeScope();

        var (o, d) = (rays.Origin, rays.Direction);
        var middle = -(o.X * d.X + o.Y * d.Y + o.Z * d.Z);
        var chord = middle * middle - (o.X * o.X + o.Y * o.Y + o.Z * o.Z) + SphereRadius * SphereRadius;
        var half = chord.clamp_min(0).sqrt();

        var distances = (middle - half).clamp_min(0);
        var gaps = full_like(distances, 1.0);
        var ends = middle + half;
        var active = chord.gt(0).nonzero().squeeze(1);

        for (var step = 0; step < MaxSteps && active.shape[0] > 0; step += 2)
        {
            using var inner = NewDisposeScope();

            var some = rays.Take(active);
            var t = distances.index_select(0, active);
            t = t + scene.Distance(some.At(t));
            var gap = scene.Distance(some.At(t));
            t = t + gap;
            distances.index_copy_(0, active, t);
            gaps.index_copy_(0, active, gap);

            var going = gap.gt(Arrived).logical_and(t.lt(ends.index_select(0, active))).nonzero().squeeze(1);
            var next = active.index_select(0, going).MoveToOuterDisposeScope();
            active.Dispose();
            active = next;
        }

        var hit = gaps.lt(Close).logical_and(distances.lt(ends)).nonzero().squeeze(1);
        return (hit.MoveToOuterDisposeScope(), distances.index_select(0, hit).MoveToOuterDisposeScope());
    }
}
