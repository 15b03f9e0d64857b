using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>The slow twin of <see cref="SplitSumRenderer"/>: light carried along paths, with shadows and, if asked for, light between surfaces.</summary>
/// <remarks>
/// Each bounce draws one direction, from the surface's own scattering or towards the environment's lamps, and weighs it by the density of both
/// together (multiple importance sampling with the balance heuristic: Veach and Guibas 1995). No occlusion texture is read: shadows are
/// found. A surface of alpha a stops the share a of the rays that meet it. Under constant light the diffuse part is exact for each sample. The same request gives the same picture, on any number of processors.
/// </remarks>
public sealed class PathTracer
{
    /// <summary>Most times that light is carried from one surface to another.</summary>
    public const int MaxBounces = 8;

    private const double ShareOfLamps = 0.5;
    private const int DrawsPerBounce = 3;
    private const int FirstAlphaDraw = 2 + (DrawsPerBounce * (MaxBounces + 1));
    private const int MostLayers = 256;     // that one ray goes through; then it is stopped

    // How far from a surface a path goes on, in the asset's reach, so that it does not meet the same surface again.
    private const float Lift = 1e-4f;

    private readonly PbrAsset _asset;
    private readonly SurfaceRays _rays;
    private readonly EnvironmentSource _environment;
    private readonly int _bounces;

    /// <summary>Prepares an asset under an environment.</summary>
    /// <param name="asset">The asset.</param>
    /// <param name="environment">Its light.</param>
    /// <param name="bounces">How often light goes from surface to surface, 0 to <see cref="MaxBounces"/>; 0 for light from the environment only.</param>
    public PathTracer(PbrAsset asset, EnvironmentMap environment, int bounces = 0)
    {
        ArgumentNullException.ThrowIfNull(asset);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bounces, MaxBounces);
        ArgumentOutOfRangeException.ThrowIfNegative(bounces);
        (_asset, _rays, _environment, _bounces) = (asset, new SurfaceRays(asset.Mesh), new EnvironmentSource(environment), bounces);
    }

    /// <summary>Adds samples to a picture: rays through random places of each pixel.</summary>
    /// <param name="picture">What there is already.</param>
    /// <param name="camera">The camera.</param>
    /// <param name="count">Samples per pixel to add.</param>
    /// <param name="cancel">Ends it between two rows.</param>
    public void AddSamples(SampledPicture picture, Camera camera, int count, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(camera);
        var (size, first) = (picture.Size, picture.SampleCount);
        var (right, up, back) = camera.Axes();
        var origin = Vector(camera.Position());
        Parallel.For(0, size, new ParallelOptions { CancellationToken = cancel }, row =>
        {
            for (var pixel = row * size; pixel < (row + 1) * size; pixel++)
            {
                for (var sample = first; sample < first + count; sample++)
                {
                    var draws = new SampleDraws(pixel, sample);
                    var across = ((2 * ((pixel % size) + draws[0]) / size) - 1) * camera.HalfExtent;
                    var above = (1 - (2 * (row + draws[1]) / size)) * camera.HalfExtent;
                    var direction = (Vector(right) * (float)across) + (Vector(up) * (float)above) - Vector(back);
                    if (Radiance(origin, Vector3.Normalize(direction), draws) is { } light)
                    {
                        picture.Add(pixel, light);
                    }
                }
            }
        });
        picture.Count(count);
    }

    /// <summary>Light that one point of a convex surface sends to a viewer, the mean of many samples.</summary>
    /// <param name="source">Light from all round.</param>
    /// <param name="matter">What the surface is made of.</param>
    /// <param name="normal">Unit normal.</param>
    /// <param name="view">Unit direction to the viewer.</param>
    /// <param name="samples">How many.</param>
    /// <returns>Linear radiance.</returns>
    internal static Vector3 DirectLight(EnvironmentSource source, in SurfaceMatter matter, Vector3 normal, Vector3 view, int samples)
    {
        var scatter = new SurfaceScatter(matter, normal, view);
        var (x, y, z) = (0.0, 0.0, 0.0);
        for (var sample = 0; sample < samples; sample++)
        {
            var (direction, weight) = Scattered(source, scatter, new SampleDraws(0, sample), 0);
            var light = weight == Vector3.Zero ? Vector3.Zero : weight * source.Radiance(direction);
            (x, y, z) = (x + light.X, y + light.Y, z + light.Z);
        }

        return new Vector3((float)(x / samples), (float)(y / samples), (float)(z / samples));
    }

    // Light along one ray; null where it passes the asset.
    private Vector3? Radiance(Vector3 origin, Vector3 direction, in SampleDraws draws)
    {
        var (light, through) = (Vector3.Zero, Vector3.One);
        for (var bounce = 0; ; bounce++)
        {
            if (Nearest(ref origin, direction, draws[FirstAlphaDraw + bounce]) is not { } hit)
            {
                return bounce == 0 ? null : light + (through * _environment.Radiance(direction));
            }

            var point = SurfacePoint.Of(_asset, hit, -direction);
            light += through * point.Emitted;
            if (point.Matter is not { } matter)
            {
                return light;
            }

            var (next, weight) = Scattered(_environment, new SurfaceScatter(matter, point.Normal, -direction), draws, bounce);
            if (weight == Vector3.Zero || Vector3.Dot(next, point.Outward) <= 0)    // behind the triangle lies the asset itself
            {
                return light;
            }

            through *= weight;
            origin = point.Position + (point.Outward * (Lift * _asset.Reach));
            if (bounce == _bounces)     // what other surfaces send no longer counts
            {
                return IsBlocked(origin, next, draws[FirstAlphaDraw + bounce + 1]) ? light : light + (through * _environment.Radiance(next));
            }

            direction = next;
        }
    }

    // The nearest surface that stops a ray; the origin goes to behind the last one that did not. One draw serves all: what is left of it beyond a
    // surface's alpha is again evenly spread.
    private SurfaceHit? Nearest(ref Vector3 origin, Vector3 direction, double draw)
    {
        for (var layer = 0; ; layer++)
        {
            if (_rays.Nearest(origin, direction) is not { } hit)
            {
                return null;
            }

            var coverage = _asset.Coverage(hit);
            if (draw < coverage || layer == MostLayers)
            {
                return hit;
            }

            draw = (draw - coverage) / (1 - coverage);
            origin += direction * ((float)hit.Distance + (Lift * _asset.Reach));
        }
    }

    private bool IsBlocked(Vector3 origin, Vector3 direction, double draw) =>
        _asset.HasAlpha ? Nearest(ref origin, direction, draw) is not null : _rays.IsBlocked(origin, direction);

    // A direction of light, and what light from there counts for: value through density.
    private static (Vector3 Direction, Vector3 Weight) Scattered(
        EnvironmentSource environment, in SurfaceScatter scatter, in SampleDraws draws, int bounce)
    {
        var share = environment.HasLamps ? ShareOfLamps : 0;
        var first = 2 + (DrawsPerBounce * bounce);
        var (choice, u, v) = (draws[first], draws[first + 1], draws[first + 2]);
        var direction = choice < share
            ? environment.Draw(choice / share, u, v)
            : scatter.Draw((choice - share) / (1 - share), u, v);
        var density = (share * environment.Density(direction)) + ((1 - share) * scatter.Density(direction));
        return density > 0 ? (direction, scatter.Value(direction) / (float)density) : (direction, Vector3.Zero);
    }

    private static Vector3 Vector(double[] components) => new((float)components[0], (float)components[1], (float)components[2]);
}
