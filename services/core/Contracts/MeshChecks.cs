using Realiz3D.Mesh.Contracts.Shaping.V1;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Contracts;

/// <summary>A mesh's soundness as it goes over the wire, the same from every service.</summary>
public static class MeshChecks
{
    /// <summary>Says what an inspection found; faces that pass through each other are not part of it.</summary>
    /// <param name="inspection">The findings.</param>
    /// <returns>The message.</returns>
    public static MeshCheck Of(MeshInspection inspection)
    {
        ArgumentNullException.ThrowIfNull(inspection);
        var check = new MeshCheck
        {
            VertexCount = inspection.VertexCount,
            FaceCount = inspection.FaceCount,
            Closed = inspection.Closed,
            Manifold = inspection.Manifold,
            ComponentCount = inspection.ComponentCount,
            EulerCharacteristic = inspection.EulerCharacteristic,
            EdgeCount = inspection.EdgeCount,
            BoundaryEdgeCount = inspection.BoundaryEdgeCount,
            BoundaryLoopCount = inspection.BoundaryLoopCount,
            NonManifoldEdgeCount = inspection.NonManifoldEdgeCount,
            NonManifoldVertexCount = inspection.NonManifoldVertexCount,
            DegenerateFaceCount = inspection.DegenerateFaceCount,
            DuplicateFaceCount = inspection.DuplicateFaceCount,
            WindingConsistent = inspection.WindingConsistent,
            Orientable = inspection.Orientable,
            Area = inspection.Area,
            SignedVolume = inspection.SignedVolume,
        };
        if (inspection.Genus is { } genus)
        {
            check.Genus = genus;
        }

        return check;
    }
}
