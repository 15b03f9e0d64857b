using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Scenes;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Benchmarks.Fitting;

/// <summary>An object to fit to, its surface taken from a field on a grid twice as fine as the fit's.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Truth">Its surface.</param>
internal sealed record FitObject(string Name, TriangleMesh Truth)
{
    private const int Cells = 96;
    private const double SmallestCrossing = 1e-3;

    /// <summary>A torus, 0.92 across and 0.26 high.</summary>
    public static FitObject Torus() => new("torus", SceneSurface.Of(TorusDistances, Cells, SmallestCrossing));

    /// <summary>A procedural object.</summary>
    /// <param name="category">What it is.</param>
    /// <param name="seed">Draws its shape.</param>
    public static FitObject Scene(SceneCategory category, ulong seed) => new(
        $"{category}".ToLowerInvariant(), SceneSurface.Of(SceneObject.FromSeed(seed, category), Cells, SmallestCrossing));

    private static float[] TorusDistances(float[] places)
    {
        var values = new float[places.Length / 3];
        for (var i = 0; i < values.Length; i++)
        {
            var (x, y, z) = (places[3 * i], places[(3 * i) + 1], places[(3 * i) + 2]);
            var ring = Math.Sqrt((x * x) + (z * z)) - 0.33;
            values[i] = (float)(Math.Sqrt((ring * ring) + (y * y)) - 0.13);
        }

        return values;
    }
}
