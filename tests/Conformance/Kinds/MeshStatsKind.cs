using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>Counts and measures of a mesh, as it stands and after vertices at the same place are merged.</summary>
internal static class MeshStatsKind
{
    public static void Run(GoldenCase golden)
    {
        var mesh = CaseMeshes.Mesh(golden);
        var merged = golden.Args.TryGetProperty("merge", out var merge) && merge.GetBoolean();
        var found = MeshInspection.Of(mesh, merged);
        var places = Enumerable.Range(0, mesh.VertexCount).Select(mesh.Position).Distinct().Count();
        golden.Compare("out/area", CaseMeshes.Scalar(found.Area));
        golden.Compare("out/signed_volume", CaseMeshes.Scalar(found.SignedVolume));
        golden.Compare("out/euler", tensor((long)found.EulerCharacteristic));
        CaseStats.Check(golden, "stats", Describe(found, merged ? places : mesh.VertexCount));
        CaseStats.Check(golden, "after_merge", Describe(MeshInspection.Of(mesh, weld: true), places));
    }

    /// <summary>The stats under the reference's names: a number, true or false, or null.</summary>
    private static Dictionary<string, object?> Describe(MeshInspection found, int vertices) => new()
    {
        ["vertices_total"] = vertices,
        ["vertices_used"] = found.VertexCount,
        ["edges"] = found.EdgeCount,
        ["faces"] = found.FaceCount + found.RepeatedVertexFaceCount,
        ["euler"] = found.EulerCharacteristic,
        ["components_vertex"] = found.ComponentCount,
        ["components_edge"] = found.EdgeComponentCount,
        ["boundary_edges"] = found.BoundaryEdgeCount,
        ["boundary_loops"] = found.BoundaryLoopCount,
        ["nonmanifold_edges"] = found.NonManifoldEdgeCount,
        ["nonmanifold_vertices"] = found.NonManifoldVertexCount,
        ["edge_manifold"] = found.NonManifoldEdgeCount == 0,
        ["watertight"] = found.Closed,
        ["winding_consistent"] = found.WindingConsistent,
        ["orientable"] = found.Orientable,
        ["degenerate_faces_index"] = found.RepeatedVertexFaceCount,
        ["degenerate_faces_area"] = found.DegenerateFaceCount,
        ["duplicate_faces"] = found.DuplicateFaceCount,
        ["area"] = found.Area,
        ["signed_volume"] = found.SignedVolume,
        ["genus"] = found.Genus,
    };
}
