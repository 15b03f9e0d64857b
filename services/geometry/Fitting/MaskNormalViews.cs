using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;

namespace Realiz3D.Mesh.Shaping;

/// <summary>Masks and normals of one object from several cameras.</summary>
/// <param name="Cameras">One per view, V.</param>
/// <param name="Size">Rows and columns of a view, S.</param>
/// <param name="Coverage">Share of each pixel that the object covers, [V, S, S].</param>
/// <param name="Normals">Mean over the pixel of the unit normals in world coordinates, what misses the object counting 0, [V, 3, S, S].</param>
internal sealed record MaskNormalViews(IReadOnlyList<Camera> Cameras, int Size, float[] Coverage, float[] Normals)
{
    private const int Samples = 4;      // per pixel, each way

    /// <summary>Draws a mesh, 4 x 4 samples a pixel, with normals interpolated between its vertices.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="cameras">The cameras.</param>
    /// <param name="size">Rows and columns of a view.</param>
    public static MaskNormalViews Of(TriangleMesh mesh, IReadOnlyList<Camera> cameras, int size)
    {
        var (pixels, normals) = (size * size, mesh.AreaWeightedNormals());
        var views = new MaskNormalViews(
            cameras, size, new float[cameras.Count * pixels], new float[3 * cameras.Count * pixels]);
        Parallel.For(0, cameras.Count, view =>
        {
            var seen = FragmentBuffer.OfView(mesh, cameras[view], Samples * size);
            for (var sample = 0; sample < seen.Face.Length; sample++)
            {
                if (seen.Face[sample] >= 0)
                {
                    var pixel = (sample / seen.Size / Samples * size) + (sample % seen.Size / Samples);
                    views.Add(view, pixel, Normal(mesh, normals, seen, sample));
                }
            }
        });
        return views;
    }

    private static (double X, double Y, double Z) Normal(TriangleMesh mesh, float[] normals, FragmentBuffer seen, int sample)
    {
        var corners = mesh.Indices.AsSpan(3 * seen.Face[sample], 3);
        Span<double> n = stackalloc double[3];
        for (var axis = 0; axis < 3; axis++)
        {
            n[axis] = (seen.U[sample] * normals[(3 * corners[0]) + axis]) + (seen.V[sample] * normals[(3 * corners[1]) + axis])
                + ((1 - seen.U[sample] - seen.V[sample]) * normals[(3 * corners[2]) + axis]);
        }

        var length = Math.Max(1e-12, Math.Sqrt((n[0] * n[0]) + (n[1] * n[1]) + (n[2] * n[2])));
        return (n[0] / length, n[1] / length, n[2] / length);
    }

    private void Add(int view, int pixel, (double X, double Y, double Z) normal)
    {
        const float Share = 1f / (Samples * Samples);
        var pixels = Size * Size;
        Coverage[(view * pixels) + pixel] += Share;
        Normals[(3 * view * pixels) + pixel] += (float)normal.X * Share;
        Normals[(((3 * view) + 1) * pixels) + pixel] += (float)normal.Y * Share;
        Normals[(((3 * view) + 2) * pixels) + pixel] += (float)normal.Z * Share;
    }
}
