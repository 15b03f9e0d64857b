using System.Numerics;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>Split-sum shading of a sphere beside its slow twin, for all studio environments.</summary>
/// <remarks>
/// Split-sum light is an approximation: its lobes are round where true ones are long at grazing views, and roughness lies between a few filtered
/// levels. Diffuse surfaces hardly feel either; metals under small lamps do, most of all under the sun behind them. The bounds are what was
/// measured, rounded up: mean difference through mean light over the disc that a picture shows.
/// </remarks>
public sealed class SplitSumAgainstPathsTests
{
    private const int Samples = 1500;

    [Theory]
    [InlineData("white", 0.002, 0.008, 0.01)]
    [InlineData("softbox", 0.04, 0.22, 0.04)]
    [InlineData("overcast", 0.015, 0.055, 0.015)]
    [InlineData("sunset", 0.12, 0.31, 0.08)]
    public void Shade_OfASphere_StaysWithinTheStatedError(string name, double dielectric, double metal, double energy)
    {
        using var scope = NewDisposeScope();
        var map = EnvironmentMap.Of(StudioEnvironments.Find(name)!.Radiance, 64);
        using var light = EnvironmentLight.Of(tensor(map.Texels, [6, 64, 64, 3]));
        var source = new EnvironmentSource(map);
        var normals = SphereNormals();
        foreach (var metallic in new[] { 0f, 1f })
        {
            foreach (var roughness in new[] { 0.1f, 0.25f, 0.5f, 0.75f, 1f })
            {
                var colour = new Vector3(0.8f, 0.6f, 0.4f);
                var matter = SurfaceMatter.MetallicRoughness(colour, roughness, metallic);
                var exact = normals.AsParallel().AsOrdered().Select(normal => PathTracer.DirectLight(source, matter, normal, Vector3.UnitZ, Samples)).ToArray();

                var count = normals.Length;
                var shaded = light.Shade(
                    tensor(new[] { 0.8f, 0.6f, 0.4f }, [1, 3]).expand(count, 3),
                    tensor(new[] { 0, roughness, metallic }, [1, 3]).expand(count, 3),
                    tensor(normals.SelectMany(normal => new[] { normal.X, normal.Y, normal.Z }).ToArray(), [count, 3]),
                    tensor(new[] { 0f, 0, 1 }, [1, 3]).expand(count, 3)).cpu().data<float>().ToArray();

                var (seen, mean) = (Enumerable.Range(0, count).Select(i => shaded[(3 * i) + 1]).ToArray(), exact.Average(light => light.Y));
                var error = seen.Zip(exact, (value, light) => Math.Abs(value - light.Y)).Average() / mean;
                Assert.True(error <= (metallic == 0 ? dielectric : metal), $"metallic {metallic}, roughness {roughness}: error {error:F4}");
                Assert.InRange(seen.Average() / mean, 1 - energy, 1 + energy);
            }
        }
    }

    // Normals of the half that faces +z, evenly over its disc as a picture would have them.
    private static Vector3[] SphereNormals() =>
    [
        .. Enumerable.Range(0, 120).Select(i =>
        {
            var radius = (float)Math.Sqrt((i + 0.5) / 120);
            var (sine, cosine) = Math.SinCos(i * Math.PI * (3 - Math.Sqrt(5)));
            return new Vector3(radius * (float)cosine, radius * (float)sine, MathF.Sqrt(1 - (radius * radius)));
        }),
    ];
}
