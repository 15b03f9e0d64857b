using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Benchmarks.Meshes;

/// <summary>A smooth closed object with any number of faces: a torus whose tube swells and shrinks.</summary>
internal static class BumpyTorus
{
    /// <summary>Builds it, about one metre across.</summary>
    /// <param name="around">Rows of faces round the tube; there are four times as many along it.</param>
    /// <returns>8 around^2 triangles.</returns>
    public static TriangleMesh Build(int around)
    {
        var along = 4 * around;
        var positions = new float[3 * along * around];
        var indices = new int[6 * along * around];
        for (var i = 0; i < along * around; i++)
        {
            var (u, v) = (2 * Math.PI * (i / around) / along, 2 * Math.PI * (i % around) / around);
            var tube = 0.15 + (0.03 * Math.Sin(5 * u) * Math.Cos(2 * v));
            var radius = 0.33 + (tube * Math.Cos(v));
            (positions[3 * i], positions[(3 * i) + 1], positions[(3 * i) + 2]) =
                ((float)(radius * Math.Cos(u)), (float)(tube * Math.Sin(v)), (float)(-radius * Math.Sin(u)));

            var (nextRow, nextColumn) = (((i / around) + 1) % along * around, ((i % around) + 1) % around);
            var (row, column) = (i / around * around, i % around);
            int[] quad = [row + column, nextRow + column, nextRow + nextColumn, row + nextColumn];
            int[] faces = [quad[0], quad[1], quad[2], quad[0], quad[2], quad[3]];
            faces.CopyTo(indices, 6 * i);
        }

        return new TriangleMesh(positions, indices);
    }
}
