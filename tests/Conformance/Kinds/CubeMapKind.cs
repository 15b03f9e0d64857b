using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>Faces, places and texels of a cube map, and places on a picture of the whole sphere.</summary>
internal static class CubeMapKind
{
    public static void Run(GoldenCase golden)
    {
        var (directions, texels) = (golden.Tensor("in/directions"), golden.Tensor("in/cubemap"));
        var (face, place) = CubeMap.Locate(directions);
        golden.Compare("out/face", face);
        golden.Compare("out/st", place);
        golden.Compare("out/texel_dirs", CubeMap.TexelDirections(golden.Config.GetProperty("resolution").GetInt32(), golden.Device));
        golden.CompareWhere(
            "out/sample_nearest", CubeMap.SampleNearest(texels, directions), golden.Tensor("out/nearest_ambiguous").logical_not().unsqueeze(1));
        golden.CompareWhere(
            "out/sample_linear_interior", CubeMap.SampleLinear(texels, directions), golden.Tensor("out/interior").unsqueeze(1));
        golden.Compare("out/latlong_uv", CubeMap.LatLong(directions));
        golden.PassOver("out/nearest_ambiguous", "out/interior");
    }
}
