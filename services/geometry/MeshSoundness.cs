using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Shaping;

/// <summary>All that a check of a mesh finds.</summary>
/// <param name="Inspection">Its vertices, edges and faces.</param>
/// <param name="SelfIntersections">Pairs of faces that pass through each other.</param>
internal sealed record MeshSoundness(MeshInspection Inspection, int SelfIntersections)
{
    // A heap of copies has as many pairs as the square of its faces.
    private const int MostIntersections = 100_000;

    /// <summary>Checks a mesh.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="weld">Whether vertices at the same place count as one.</param>
    /// <param name="cancel">Stops the work.</param>
    public static MeshSoundness Of(TriangleMesh mesh, bool weld, CancellationToken cancel) => new(
        MeshInspection.Of(mesh, weld, cancel),
        Formats.SelfIntersections.Pairs(mesh, cancel).Take(MostIntersections).Count());
}
