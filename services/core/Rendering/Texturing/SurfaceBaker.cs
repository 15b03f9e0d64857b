using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>A field over space: three values at each of many places of a surface.</summary>
/// <param name="positions">World positions, [N].</param>
/// <param name="normals">Unit world normals there, [N].</param>
/// <returns>[N].</returns>
public delegate Vector3[] SurfaceField(Vector3[] positions, Vector3[] normals);

/// <summary>How a field becomes a texture.</summary>
/// <param name="TextureSize">Width and height, a power of two.</param>
/// <param name="SamplesPerSide">The field is read at the middles of n x n parts of each texel, and the mean is written.</param>
/// <param name="DilationTexels">Rings of values round each chart.</param>
public sealed record SurfaceBakeConfig(int TextureSize = 1024, int SamplesPerSide = 1, int DilationTexels = 8);

/// <summary>Writes any field over the surface of an unwrapped mesh into its texture.</summary>
/// <remarks>
/// 1. place of every used texel, or of n x n parts of it, on the surface  2. the field there, in batches  3. the mean of each
/// texel's parts; then dilation around charts. A texel whose middle lies off the surface takes the mean of its parts that lie on it.
/// </remarks>
public static class SurfaceBaker
{
    private const int Batch = 1 << 16;

    /// <summary>Bakes a field that is asked for many places at once.</summary>
    /// <param name="mesh">The mesh, with texture coordinates; its normals if it has them, else area-weighted ones.</param>
    /// <param name="field">The field.</param>
    /// <param name="config">How.</param>
    /// <param name="cancel">Stops between batches.</param>
    /// <returns>Values, [S, S].</returns>
    public static Vector3[] Bake(TriangleMesh mesh, SurfaceField field, SurfaceBakeConfig config, CancellationToken cancel = default)
    {
        // 1. places
        var texels = new SurfaceTexels(
            mesh, mesh.Normals ?? mesh.AreaWeightedNormals(), config.TextureSize * config.SamplesPerSide);

        // 2. values
        var values = new Vector3[texels.Pixels.Length];
        for (var start = 0; start < values.Length; start += Batch)
        {
            cancel.ThrowIfCancellationRequested();
            var batch = start..Math.Min(values.Length, start + Batch);
            field(texels.Positions[batch], texels.Normals[batch]).CopyTo(values, start);
        }

        // 3. texture
        return Write(texels, values, config);
    }

    /// <summary>Bakes a field that is asked for one place after the other, on all processors.</summary>
    /// <param name="mesh">The mesh, with texture coordinates.</param>
    /// <param name="field">Position and unit normal to three values; may be called from several threads at once.</param>
    /// <param name="config">How.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>Values, [S, S].</returns>
    public static Vector3[] Bake(
        TriangleMesh mesh, Func<Vector3, Vector3, Vector3> field, SurfaceBakeConfig config, CancellationToken cancel = default) =>
        Bake(mesh, (positions, normals) => InParallel(positions, normals, field, cancel), config, cancel);

    /// <summary>A field that is asked for one place after the other, at many places on all processors.</summary>
    /// <param name="positions">World positions, [N].</param>
    /// <param name="normals">Unit world normals there, [N].</param>
    /// <param name="field">Position and unit normal to three values.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>[N].</returns>
    public static Vector3[] InParallel(
        Vector3[] positions, Vector3[] normals, Func<Vector3, Vector3, Vector3> field, CancellationToken cancel)
    {
        var values = new Vector3[positions.Length];
        Parallel.For(
            0, values.Length, new ParallelOptions { CancellationToken = cancel }, i => values[i] = field(positions[i], normals[i]));
        return values;
    }

    /// <summary>Which texels of a texture have surface of their own.</summary>
    /// <param name="mesh">The mesh, with texture coordinates.</param>
    /// <param name="size">Width and height of the texture, S.</param>
    /// <returns>Row times S plus column, ascending.</returns>
    public static int[] UsedTexels(TriangleMesh mesh, int size) =>
        new SurfaceTexels(mesh, mesh.Normals ?? mesh.AreaWeightedNormals(), size).Pixels;

    // Values at the parts of texels to texels, and around charts.
    internal static Vector3[] Write(SurfaceTexels parts, Vector3[] values, SurfaceBakeConfig config)
    {
        var (size, side) = (config.TextureSize, config.SamplesPerSide);
        var texture = new Vector3[size * size];
        var counts = new int[texture.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var (row, column) = Math.DivRem(parts.Pixels[i], parts.Size);
            var texel = (row / side * size) + (column / side);
            texture[texel] += values[i];
            counts[texel]++;
        }

        for (var texel = 0; texel < texture.Length; texel++)
        {
            texture[texel] = counts[texel] > 1 ? texture[texel] / counts[texel] : texture[texel];
        }

        TextureDilation.Fill(texture, Array.ConvertAll(counts, count => count > 0), size, config.DilationTexels);
        return texture;
    }
}
