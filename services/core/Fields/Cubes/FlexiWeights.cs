using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields;

/// <summary>FlexiCubes' weights as they are learned: any number, brought to their ranges when used. What is not given counts as 1.</summary>
/// <remarks>alpha = 1 + c tanh(a), beta = 1 + c tanh(b), gamma = c sigmoid(g) + (1 - c) / 2.</remarks>
/// <param name="Alpha">Moves the crossings seen from a cube, one per corner, [C, 8].</param>
/// <param name="Beta">Moves the dual vertices between crossings, one per edge, [C, 12].</param>
/// <param name="Gamma">Decides how quads are cut, [C].</param>
/// <param name="Scale">c, how far the weights may go.</param>
public sealed record FlexiWeights(Tensor? Alpha = null, Tensor? Beta = null, Tensor? Gamma = null, double Scale = FlexiWeights.PublishedScale)
{
    /// <summary>c of the published program.</summary>
    public const double PublishedScale = 0.99;

    internal Tensor AlphaOf(Tensor like, int cubes) => Alpha is null ? Ones(like, cubes, 8) : Alpha.tanh() * Scale + 1;

    internal Tensor BetaOf(Tensor like, int cubes) => Beta is null ? Ones(like, cubes, 12) : Beta.tanh() * Scale + 1;

    internal Tensor GammaOf(Tensor like, int cubes) =>
        Gamma is null ? Ones(like, cubes) : Gamma.sigmoid() * Scale + ((1 - Scale) / 2);

    private static Tensor Ones(Tensor like, params long[] shape) => ones(shape, like.dtype, like.device);
}

/// <summary>A surface from <see cref="FlexiCubes"/>.</summary>
/// <param name="Vertices">World positions, [P, 3].</param>
/// <param name="Faces">Counter-clockwise seen from where the field is positive, int64, [F, 3].</param>
/// <param name="Deviations">How unevenly far each dual vertex lies from its crossings, [K]; their mean regularises.</param>
public sealed record FlexiSurface(Tensor Vertices, Tensor Faces, Tensor Deviations);
