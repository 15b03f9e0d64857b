using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

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
        var size = golden.Config.TryGetProperty("resolution", out var given) ? given.GetInt32() : (int)texels.shape[1];
        golden.Compare("out/texel_dirs", CubeMap.TexelDirections(size, golden.Device));
        var everywhere = ones_like(face).to(ScalarType.Bool);
        golden.CompareWhere(
            "out/sample_nearest",
            CubeMap.SampleNearest(texels, directions),
            (golden.TensorOrNull("out/nearest_ambiguous")?.logical_not() ?? everywhere).unsqueeze(1));
        golden.CompareWhere(
            "out/sample_linear_interior",
            CubeMap.SampleLinear(texels, directions),
            (golden.TensorOrNull("out/interior") ?? everywhere).unsqueeze(1));
        golden.Compare("out/latlong_uv", CubeMap.LatLong(directions));
        golden.PassOver("out/nearest_ambiguous", "out/interior");
    }
}
