using Realiz3D.Mesh.Fields;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Scenes;
using Realiz3D.Mesh.Scenes.Solids;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Testing;

/// <summary>The true surface of a procedural object as a mesh: its distance field on a fine grid, by marching tetrahedra.</summary>
public static class SceneSurface
{
    private const double Half = 0.5; // objects lie within 0.465 of the origin
    private const double SmallestCrossing = 0.05;

    /// <summary>Extracts the surface.</summary>
    /// <param name="scene">The object.</param>
    /// <param name="cells">Cells along each side of the BCC grid over [-0.5, 0.5]^3.</param>
    /// <returns>A closed mesh with area-weighted normals.</returns>
    public static TriangleMesh Of(SceneObject scene, int cells)
    {
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        float[] everywhere = [];
        var (grid, old) = BccGrid.Create(cells, Half, positions =>
        {
            everywhere = Distances(scene, positions);
            return Array.ConvertAll(everywhere, distance => Math.Abs(distance) < 2 * Half / cells);
        });
        var values = Array.ConvertAll(old, vertex => everywhere[vertex]);
        FieldRepair.PushFromVertices(grid, values, SmallestCrossing);
        var topology = MarchingTopology.Of(grid, values);
        var vertices = MarchingTetrahedra.Vertices(topology, tensor(values), tensor(grid.Positions, [grid.VertexCount, 3]));
        var mesh = new TriangleMesh(vertices.data<float>().ToArray(), topology.Faces);
        return mesh with { Normals = mesh.AreaWeightedNormals() };
    }

    private static float[] Distances(SceneObject scene, float[] positions)
    {
        using var scope = NewDisposeScope();
        var points = tensor(positions, [positions.Length / 3, 3]).t().contiguous();
        return scene.Distance(new Points(points[0], points[1], points[2])).data<float>().ToArray();
    }
}
