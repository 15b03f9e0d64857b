using Realiz3D.Mesh.Scenes.Solids;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Scenes.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>Fields at points given and answered in doubles, and points to ask at.</summary>
internal static class Field
{
    public static double[] At(Solid solid, IReadOnlyList<Vector3> points)
    {
        using var scope = NewDisposeScope();
        return solid.Distance(Tensors(points)).cpu().data<double>().ToArray();
    }

    public static double At(Solid solid, double x, double y, double z) => At(solid, [new Vector3(x, y, z)])[0];

    public static double[] At(SceneObject scene, IReadOnlyList<Vector3> points)
    {
        using var scope = NewDisposeScope();
        return scene.Distance(Tensors(points)).cpu().data<double>().ToArray();
    }

    /// <summary>Points anywhere in the cube of half side <paramref name="reach"/>, the same on every call.</summary>
    public static Vector3[] Cloud(int count, double reach)
    {
        var random = new Random(5);
        double Coordinate() => (2 * random.NextDouble() - 1) * reach;
        return [.. Enumerable.Range(0, count).Select(_ => new Vector3(Coordinate(), Coordinate(), Coordinate()))];
    }

    /// <summary>Points spread evenly on a sphere.</summary>
    public static Vector3[] Sphere(int count, double radius) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var y = 1 - (2 * i + 1.0) / count;
        var (sin, cos) = Math.SinCos(i * Math.PI * (3 - Math.Sqrt(5)));
        return new Vector3(Math.Sqrt(1 - y * y) * cos, y, Math.Sqrt(1 - y * y) * sin) * radius;
    })];

    private static Points Tensors(IReadOnlyList<Vector3> points) => new(
        tensor(points.Select(p => p.X).ToArray()),
        tensor(points.Select(p => p.Y).ToArray()),
        tensor(points.Select(p => p.Z).ToArray()));
}
