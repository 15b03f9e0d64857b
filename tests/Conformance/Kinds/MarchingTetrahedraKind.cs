using Realiz3D.Mesh.Fields;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>The zero surface of a field on given tetrahedra, and its gradients to the field and the grid's positions.</summary>
internal static class MarchingTetrahedraKind
{
    public static void Run(GoldenCase golden)
    {
        // kaolin takes a batch; the results of these cases are those of its first and only item.
        var (values, positions) = (golden.Leaf("in/sdf"), golden.Leaf("in/vertices"));
        var numbers = CaseMeshes.Floats(golden, "in/sdf");
        var grid = new TetrahedralGrid(
            CaseMeshes.Floats(golden, "in/vertices"), CaseMeshes.Integers(golden, "in/tets"), oriented: false);
        var topology = MarchingTopology.Of(grid, numbers);
        var vertices = MarchingTetrahedra.Vertices(topology, values.reshape(-1), positions.reshape(-1, 3));
        if (SurfaceMatch.Of(golden, vertices, Ranks(topology.Ends)) is not { } match)
        {
            return;
        }

        match.CompareFaces(topology.Faces, topology.Sources);
        if (golden.Has("in/lin_vertices"))
        {
            (vertices * match.ToOurs(golden.Double("in/lin_vertices"))).sum().backward();
            golden.CompareGradient("out/grad_sdf", values);
            golden.CompareGradient("out/grad_vertices", positions);
        }
    }

    /// <summary>kaolin numbers vertices as their edges sort: it tells apart those that meet in a grid vertex where the field is 0.</summary>
    private static int[] Ranks(int[] ends) =>
        SurfaceMatch.Ranks(Enumerable.Range(0, ends.Length / 2).OrderBy(v => (ends[2 * v], ends[(2 * v) + 1])));
}
