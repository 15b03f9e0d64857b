using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>Points on a surface from recorded uniform numbers.</summary>
internal static class MeshSamplingKind
{
    public static void Run(GoldenCase golden)
    {
        var samples = new SurfaceSampler(CaseMeshes.Mesh(golden)).Sample(CaseMeshes.Floats(golden, "in/uniforms"));
        golden.Compare("out/face_index", CaseMeshes.Longs(samples.Faces));
        golden.Compare("out/barycentric", CaseMeshes.Rows(samples.Barycentric, 3));
        golden.Compare("out/points", CaseMeshes.Rows(samples.Points, 3));
        golden.Compare("out/normals", CaseMeshes.Rows(samples.Normals, 3));
    }
}
