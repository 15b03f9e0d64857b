using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>Agreement of the normals of nearest points, both ways and their mean.</summary>
internal static class NormalConsistencyKind
{
    public static void Run(GoldenCase golden)
    {
        var found = CloudComparison.Of(CaseMeshes.Floats(golden, "in/pred"), CaseMeshes.Floats(golden, "in/gt"));
        var normals = found.Normals(CaseMeshes.Floats(golden, "in/pred_normals"), CaseMeshes.Floats(golden, "in/gt_normals"));
        golden.Compare("out/nn_pred_to_gt", CaseMeshes.Longs(found.ToTruth.Indices));
        golden.Compare("out/nn_gt_to_pred", CaseMeshes.Longs(found.ToPrediction.Indices));
        golden.Compare("out/normals_accuracy", CaseMeshes.Scalar(normals.Accuracy));
        golden.Compare("out/normals_completeness", CaseMeshes.Scalar(normals.Completeness));
        golden.Compare("out/normal_consistency", CaseMeshes.Scalar(normals.Consistency));
    }
}
