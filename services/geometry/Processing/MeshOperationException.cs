namespace Realiz3D.Mesh.Shaping;

/// <summary>A mesh does not allow an operation, or it takes too long. The message says which, and what to do.</summary>
/// <param name="message">One sentence.</param>
internal sealed class MeshOperationException(string message) : Exception(message);
