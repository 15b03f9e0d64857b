namespace Realiz3D.Mesh.Shaping;

/// <summary>No camera sees the mesh.</summary>
internal sealed class UnseenMeshException() : Exception(
    "No camera sees the mesh: it lies elsewhere or is too small; set fits_sphere, or place the cameras for it.");
