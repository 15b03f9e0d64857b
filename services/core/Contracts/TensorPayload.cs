using Realiz3D.Mesh.Contracts.Tensors.V1;

namespace Realiz3D.Mesh.Contracts;

/// <summary>A tensor as it travels: its description and its bytes, row-major, little-endian, unpadded.</summary>
/// <param name="Name">Role within the call, such as "views".</param>
/// <param name="ElementType">Type of every element.</param>
/// <param name="Shape">Extent of each axis, outermost first; empty for a scalar.</param>
/// <param name="Bytes">The elements, product(shape) x element size bytes.</param>
public sealed record TensorPayload(
    string Name,
    ElementType ElementType,
    IReadOnlyList<long> Shape,
    ReadOnlyMemory<byte> Bytes);
