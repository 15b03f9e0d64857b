namespace Realiz3D.Mesh.Formats;

/// <summary>Intersection over union of two solids, counted at sample points.</summary>
/// <remarks>
/// |A and B| / |A or B| (Mescheder et al. 2019, arXiv:1812.03828). Where neither solid holds a point there is no evidence, and the value
/// is 0, never 0/0: an empty result must not count as a match.
/// </remarks>
public static class VolumeIou
{
    /// <summary>From two answers per point.</summary>
    /// <param name="a">Whether each point is in the first solid, [N].</param>
    /// <param name="b">Whether it is in the second, [N].</param>
    /// <returns>0 to 1.</returns>
    public static double Of(ReadOnlySpan<bool> a, ReadOnlySpan<bool> b)
    {
        if (a.Length != b.Length)
        {
            throw new ArgumentException($"{a.Length} and {b.Length} answers do not belong to the same points.");
        }

        var (both, either) = (0L, 0L);
        for (var i = 0; i < a.Length; i++)
        {
            both += a[i] && b[i] ? 1 : 0;
            either += a[i] || b[i] ? 1 : 0;
        }

        return either == 0 ? 0 : (double)both / either;
    }

    /// <summary>Of two meshes, by winding number.</summary>
    /// <param name="a">First mesh.</param>
    /// <param name="b">Second mesh.</param>
    /// <param name="points">x, y, z per sample point, [3N].</param>
    /// <returns>0 to 1.</returns>
    public static double Of(TriangleMesh a, TriangleMesh b, ReadOnlySpan<float> points) =>
        Of(new WindingNumber(a).Inside(points), new WindingNumber(b).Inside(points));

    /// <summary>Of two signed distance fields, sampled at the same points; inside is negative.</summary>
    /// <param name="a">Distances of the first solid, [N].</param>
    /// <param name="b">Distances of the second, [N].</param>
    /// <returns>0 to 1.</returns>
    public static double OfDistances(float[] a, float[] b) =>
        Of(Array.ConvertAll(a, distance => distance < 0), Array.ConvertAll(b, distance => distance < 0));
}
