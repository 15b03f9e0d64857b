using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>Nearest neighbours of two clouds both ways, and the Chamfer distances that are formed of them.</summary>
internal static class ChamferKind
{
    public static void Run(GoldenCase golden)
    {
        var found = CloudComparison.Of(CaseMeshes.Floats(golden, "in/pred"), CaseMeshes.Floats(golden, "in/gt"));
        golden.Compare("out/nn_pred_to_gt", CaseMeshes.Longs(found.ToTruth.Indices));
        golden.Compare("out/nn_gt_to_pred", CaseMeshes.Longs(found.ToPrediction.Indices));
        golden.Compare("out/accuracy", CaseMeshes.Scalar(found.Accuracy));
        golden.Compare("out/completeness", CaseMeshes.Scalar(found.Completeness));
        golden.Compare("out/accuracy2", CaseMeshes.Scalar(found.ToTruth.MeanSquared));
        golden.Compare("out/completeness2", CaseMeshes.Scalar(found.ToPrediction.MeanSquared));
        golden.Compare("out/chamfer_l1_occnet", CaseMeshes.Scalar(found.ChamferL1));
        golden.Compare("out/chamfer_l2_occnet", CaseMeshes.Scalar(found.ChamferL2));
        golden.Compare("out/chamfer_squared_sum_kaolin", CaseMeshes.Scalar(2 * found.ChamferL2));
        golden.Compare("out/chamfer_unsquared_sum", CaseMeshes.Scalar(2 * found.ChamferL1));
    }
}
