using static TorchSharp.torch;

namespace Realiz3D.Mesh.Scenes.Solids;

/// <summary>Points in space, one tensor per coordinate, all of one shape.</summary>
/// <remarks>
/// Three separate tensors keep every operation of a distance field on contiguous memory. Fields change only tensors that
/// they have just made in place: short chains in place cost a third of chains that allocate.
/// </remarks>
/// <param name="X">Right.</param>
/// <param name="Y">Up.</param>
/// <param name="Z">Towards the viewer of the front.</param>
public readonly record struct Points(Tensor X, Tensor Y, Tensor Z)
{
    internal Points Minus(Vector3 v) => new(Shift(X, v.X), Shift(Y, v.Y), Shift(Z, v.Z));

    /// <summary>Distance from the vertical axis.</summary>
    internal Tensor Axial() => Length(X, Z);

    internal static Tensor Length(Tensor a, Tensor b) => (a * a).addcmul_(b, b, 1).sqrt_();

    internal static Tensor Length(Tensor a, Tensor b, Tensor c) =>
        (a * a).addcmul_(b, b, 1).addcmul_(c, c, 1).sqrt_();

    private static Tensor Shift(Tensor t, double by) => by == 0 ? t : t - by;
}
