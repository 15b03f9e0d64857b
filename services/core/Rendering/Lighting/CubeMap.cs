using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>A function of direction as six square faces, in OpenGL's layout.</summary>
/// <remarks>
/// Faces +x, -x, +y, -y, +z, -z. With column s and row t of a face in [0, 1], x = 2 s - 1 and y = 2 t - 1, a texel looks along
/// <code>(1, -y, -x)  (-1, -y, x)  (x, 1, y)  (x, -1, -y)  (x, -y, 1)  (-x, -y, -1)</code>
/// OpenGL 4.6 specification, table 8.19.
/// </remarks>
public static class CubeMap
{
    // The direction of each face is A + B x + C y; per face the axis and sign of x, y and 1.
    private static readonly double[] s_forward = [1, 0, 0, -1, 0, 0, 0, 1, 0, 0, -1, 0, 0, 0, 1, 0, 0, -1];
    private static readonly double[] s_across = [0, 0, -1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 0, -1, 0, 0];
    private static readonly double[] s_down = [0, -1, 0, 0, -1, 0, 0, 0, 1, 0, 0, -1, 0, -1, 0, 0, -1, 0];

    /// <summary>Where directions meet the cube.</summary>
    /// <param name="directions">Not 0, of any length, [..., 3].</param>
    /// <returns>Face, int64, [...], and (s, t) on it, [..., 2]. On an edge the face of the earlier axis wins.</returns>
    public static (Tensor Face, Tensor Place) Locate(Tensor directions)
    {
        using var scope = NewDisposeScope();
        var axis = directions.abs().argmax(-1, keepdim: true);                              // [..., 1]
        var major = directions.gather(-1, axis);
        var face = (2 * axis + (major < 0).to(ScalarType.Int64)).squeeze(-1);
        var scaled = directions / major.abs();
        var across = (scaled * Rows(s_across, face, directions)).sum(-1);                   // x
        var down = (scaled * Rows(s_down, face, directions)).sum(-1);                       // y
        return scope.MoveToOuter(face, (stack([across, down], -1) + 1) * 0.5);
    }

    /// <summary>Directions through places on faces, not normalised.</summary>
    /// <param name="face">Face, int64, [...].</param>
    /// <param name="place">(s, t), [..., 2]; beyond [0, 1] the face's plane goes on.</param>
    /// <returns>[..., 3].</returns>
    public static Tensor Directions(Tensor face, Tensor place)
    {
        using var scope = NewDisposeScope();
        var at = place * 2 - 1;
        var result = Rows(s_forward, face, place)
            + Rows(s_across, face, place) * at.narrow(-1, 0, 1)
            + Rows(s_down, face, place) * at.narrow(-1, 1, 1);
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>Unit directions of the texels' middles.</summary>
    /// <param name="size">Rows and columns of a face, R.</param>
    /// <param name="device">Where to.</param>
    /// <returns>[6, R, R, 3].</returns>
    public static Tensor TexelDirections(int size, Device? device = null)
    {
        using var scope = NewDisposeScope();
        var middles = (arange(size, dtype: ScalarType.Float32, device: device) + 0.5) / size;
        var place = stack([middles.unsqueeze(0).expand(size, size), middles.unsqueeze(1).expand(size, size)], -1);
        var face = arange(6, device: device).reshape(6, 1, 1).expand(6, size, size);
        return Vectors.Normalize(Directions(face, place.unsqueeze(0).expand(6, size, size, 2))).MoveToOuterDisposeScope();
    }

    /// <summary>Solid angles of the texels of a face: they sum to 4 pi / 6 exactly.</summary>
    /// <remarks>By the corners: Omega(x, y) = atan2(x y, sqrt(x^2 + y^2 + 1)).</remarks>
    /// <param name="size">Rows and columns of a face, R.</param>
    /// <returns>Steradians, [R, R].</returns>
    public static double[] SolidAngles(int size)
    {
        static double Corner(double x, double y) => Math.Atan2(x * y, Math.Sqrt((x * x) + (y * y) + 1));
        double Edge(int k) => (2.0 * k / size) - 1;
        var angles = new double[size * size];
        for (var i = 0; i < angles.Length; i++)
        {
            var (top, left) = (Edge(i / size), Edge(i % size));
            var (bottom, right) = (Edge((i / size) + 1), Edge((i % size) + 1));
            angles[i] = Corner(left, top) - Corner(left, bottom) - Corner(right, top) + Corner(right, bottom);
        }

        return angles;
    }

    /// <summary>Looks up the nearest texel.</summary>
    /// <param name="texels">[6, R, R, C].</param>
    /// <param name="directions">[..., 3].</param>
    /// <returns>[..., C].</returns>
    public static Tensor SampleNearest(Tensor texels, Tensor directions)
    {
        using var scope = NewDisposeScope();
        var (face, place) = Locate(directions);
        return Texels(texels, face, (place * texels.shape[1]).floor()).MoveToOuterDisposeScope();
    }

    /// <summary>Blends the four nearest texels; across an edge of the cube they are those of the neighbouring face.</summary>
    /// <param name="texels">[6, R, R, C].</param>
    /// <param name="directions">[..., 3].</param>
    /// <returns>[..., C], continuous over the sphere, with gradients to texels and directions.</returns>
    public static Tensor SampleLinear(Tensor texels, Tensor directions)
    {
        using var scope = NewDisposeScope();
        var padded = CubeBorder.Add(texels);                                                // [6, R + 2, R + 2, C]
        var (face, place) = Locate(directions);
        var at = place * texels.shape[1] + 0.5;
        var corner = at.detach().floor().clamp(0, texels.shape[1]);
        var share = at - corner;
        var (right, lower) = (share.narrow(-1, 0, 1), share.narrow(-1, 1, 1));
        var upperRow = Texels(padded, face, corner) * (1 - right) + Texels(padded, face, corner + Step(1, 0)) * right;
        var lowerRow = Texels(padded, face, corner + Step(0, 1)) * (1 - right) + Texels(padded, face, corner + Step(1, 1)) * right;
        return (upperRow * (1 - lower) + lowerRow * lower).MoveToOuterDisposeScope();

        Tensor Step(float columns, float rows) => tensor(new[] { columns, rows }, device: corner.device).to_type(corner.dtype);
    }

    /// <summary>Where directions lie on a picture of the whole sphere, row 0 straight up, its middle column towards -z.</summary>
    /// <param name="directions">Not 0, of any length, [..., 3].</param>
    /// <returns>With unit directions u = atan2(x, -z) / 2 pi + 0.5 and v = acos(y) / pi, [..., 2].</returns>
    public static Tensor LatLong(Tensor directions)
    {
        using var scope = NewDisposeScope();
        var unit = Vectors.Normalize(directions);
        var (x, y, z) = (unit.select(-1, 0), unit.select(-1, 1), unit.select(-1, 2));
        return stack([atan2(x, -z) / (2 * Math.PI) + 0.5, y.clamp(-1, 1).acos() / Math.PI], -1).MoveToOuterDisposeScope();
    }

    private static Tensor Texels(Tensor texels, Tensor face, Tensor texel)
    {
        var size = texels.shape[1];
        var whole = texel.to(ScalarType.Int64).clamp(0, size - 1);
        var index = (face * size + whole.select(-1, 1)) * size + whole.select(-1, 0);
        var channels = texels.shape[3];
        return texels.reshape(6 * size * size, channels).index_select(0, index.flatten()).reshape([.. face.shape, channels]);
    }

    private static Tensor Rows(double[] table, Tensor face, Tensor like) =>
        tensor(table, [6, 3], device: like.device).to_type(like.dtype).index_select(0, face.flatten()).reshape([.. face.shape, 3]);
}
