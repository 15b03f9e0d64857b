namespace Realiz3D.Mesh.Storage;

/// <summary>No artifact has the id that was asked for.</summary>
/// <param name="message">One sentence that names the id.</param>
public sealed class ArtifactNotFoundException(string message) : IOException(message);
