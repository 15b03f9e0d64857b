using Realiz3D.Mesh.Fields;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Scenes;
using Realiz3D.Mesh.Scenes.Solids;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Testing;

/// <summary>The true surface of a field or a procedural object as a mesh: marching tetrahedra on a fine grid.</summary>
public static class SceneSurface
{
    private const double Half = 0.5; // objects lie within 0.465 of the origin
    private const int Chunk = 65536;

    /// <summary>Extracts the surface of an object.</summary>
    /// <param name="scene">The object.</param>
    /// <param name="cells">Cells along each side of the BCC grid over [-0.5, 0.5]^3.</param>
    /// <param name="smallestCrossing">Crossings keep this share of their edge from its ends, so that no triangle is a sliver.</param>
    /// <returns>A closed mesh with area-weighted normals.</returns>
    public static TriangleMesh Of(SceneObject scene, int cells, double smallestCrossing = 0.05) =>
        Of(places => Distances(scene, places), cells, smallestCrossing);

    /// <summary>Extracts the surface of a field that never exceeds the distance to it.</summary>
    /// <param name="field">Values at places, [N, 3] to [N]; negative inside.</param>
    /// <param name="cells">Cells along each side of the BCC grid over [-0.5, 0.5]^3.</param>
    /// <param name="smallestCrossing">Crossings keep this share of their edge from its ends, so that no triangle is a sliver.</param>
    /// <returns>A closed mesh with area-weighted normals.</returns>
    public static TriangleMesh Of(Func<float[], float[]> field, int cells, double smallestCrossing = 0.05)
    {
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        float[] everywhere = [];
        // Every crossed edge has its ends within its length of the surface; the longest are as long as a cell.
        var (grid, old) = BccGrid.Create(cells, Half, places =>
        {
            everywhere = field(places);
            return Array.ConvertAll(everywhere, value => Math.Abs(value) < 2.2 * Half / cells);
        });
        var values = Array.ConvertAll(old, vertex => everywhere[vertex]);
        FieldRepair.PushFromVertices(grid.Edges, values, smallestCrossing);
        var topology = MarchingTopology.Of(grid, values);
        var vertices = MarchingTetrahedra.Vertices(topology, tensor(values), tensor(grid.Positions, [grid.VertexCount, 3]));
        var mesh = new TriangleMesh(vertices.data<float>().ToArray(), topology.Faces);
        return mesh with { Normals = mesh.AreaWeightedNormals() };
    }

    private static float[] Distances(SceneObject scene, float[] places)
    {
        var values = new float[places.Length / 3];
        for (var start = 0; start < values.Length; start += Chunk)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(Chunk, values.Length - start);
            var chunk = tensor(places[(3 * start)..(3 * (start + count))], [count, 3]).t().contiguous();
            scene.Distance(new Points(chunk[0], chunk[1], chunk[2])).data<float>().ToArray().CopyTo(values, start);
        }

        return values;
    }
}
