using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Benchmarks.Meshes;

/// <summary>Two cones on one base: a closed solid, half of whose faces meet at either tip.</summary>
internal static class TwoCones
{
    /// <summary>Builds it, of radius 1 and height 2.</summary>
    /// <param name="corners">Corners of the base.</param>
    /// <returns>2 corners triangles.</returns>
    public static TriangleMesh Build(int corners)
    {
        float[] positions = [0, 1, 0, 0, -1, 0, .. Enumerable.Range(0, corners).SelectMany(i => new[]
        {
            (float)Math.Sin(2 * Math.PI * i / corners), 0, (float)Math.Cos(2 * Math.PI * i / corners),
        })];
        int[] indices = [.. Enumerable.Range(0, corners).SelectMany(i =>
        {
            var (here, next) = (2 + i, 2 + ((i + 1) % corners));
            return new[] { 0, here, next, 1, next, here };
        })];
        return new TriangleMesh(positions, indices);
    }
}
