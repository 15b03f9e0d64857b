namespace Realiz3D.Mesh.Storage;

/// <summary>Redis did not answer, or answered that it cannot serve.</summary>
/// <param name="message">One sentence for people.</param>
/// <param name="cause">What the client library said.</param>
public sealed class StoreUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
