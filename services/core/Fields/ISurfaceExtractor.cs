using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields;

/// <summary>A grid, and a way to take the zero surface of a field on its vertices.</summary>
/// <remarks>
/// Who fits a field needs no more: <see cref="TetrahedralExtractor"/> takes it by marching tetrahedra, <see cref="CubeExtractor"/> by FlexiCubes.
/// </remarks>
public interface ISurfaceExtractor : IDisposable
{
    /// <summary>World positions of the grid's vertices, [G, 3].</summary>
    float[] Positions { get; }

    /// <summary>Vertex numbers of the grid's edges, [E, 2].</summary>
    int[] Edges { get; }

    /// <summary>What an optimiser may change besides the field; the extractor's own, empty if there is nothing.</summary>
    IReadOnlyList<Parameter> Weights { get; }

    /// <summary>Takes the surface, differentiable in field, positions and weights. Which edges are crossed is taken as fixed.</summary>
    /// <param name="values">The field, negative inside, one value per grid vertex, [G].</param>
    /// <param name="positions">Positions of the grid's vertices, [G, 3]; <see cref="Positions"/>, or those moved a little.</param>
    /// <param name="training">Whether gradients matter more than a small mesh.</param>
    /// <returns>The surface; the caller disposes its tensors.</returns>
    ExtractedSurface Extract(Tensor values, Tensor positions, bool training);
}

/// <summary>The zero surface of a field.</summary>
/// <param name="Vertices">World positions, [P, 3].</param>
/// <param name="Faces">Counter-clockwise seen from where the field is positive, [F, 3].</param>
/// <param name="Crossed">Grid vertices on both sides of each crossed edge, [X, 2].</param>
/// <param name="Irregularity">How unevenly the surface lies between its crossings, a scalar for the loss; null where it cannot.</param>
public sealed record ExtractedSurface(Tensor Vertices, int[] Faces, int[] Crossed, Tensor? Irregularity)
{
    /// <summary>Number of triangles, F.</summary>
    public int FaceCount => Faces.Length / 3;
}
