using Realiz3D.Mesh.Fields;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Scenes;
using Realiz3D.Mesh.Scenes.Solids;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Benchmarks.Fitting;

/// <summary>An object to fit to, its surface taken from a closed field on a grid twice as fine as the fit's.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Truth">Its surface.</param>
internal sealed record FitObject(string Name, TriangleMesh Truth)
{
    private const int Cells = 96;
    private const double Half = 0.52;
    private const int Chunk = 65536;

    /// <summary>A torus, 0.92 across and 0.26 high.</summary>
    public static FitObject Torus() => new("torus", Surface(places =>
    {
        var values = new float[places.Length / 3];
        for (var i = 0; i < values.Length; i++)
        {
            var (x, y, z) = (places[3 * i], places[(3 * i) + 1], places[(3 * i) + 2]);
            var ring = Math.Sqrt((x * x) + (z * z)) - 0.33;
            values[i] = (float)(Math.Sqrt((ring * ring) + (y * y)) - 0.13);
        }

        return values;
    }));

    /// <summary>A procedural object.</summary>
    /// <param name="category">What it is.</param>
    /// <param name="seed">Draws its shape.</param>
    public static FitObject Scene(SceneCategory category, ulong seed)
    {
        var scene = SceneObject.FromSeed(seed, category);
        return new($"{category}".ToLowerInvariant(), Surface(places => Distances(scene, places)));
    }

    private static float[] Distances(SceneObject scene, float[] places)
    {
        using var unrecorded = no_grad();
        var values = new float[places.Length / 3];
        for (var start = 0; start < values.Length; start += Chunk)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(Chunk, values.Length - start);
            var chunk = tensor(places[(3 * start)..(3 * (start + count))], [count, 3]).unbind(1);
            scene.Distance(new Points(chunk[0].contiguous(), chunk[1].contiguous(), chunk[2].contiguous()))
                .data<float>().ToArray().CopyTo(values, start);
        }

        return values;
    }

    private static TriangleMesh Surface(Func<float[], float[]> field)
    {
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        float[] everywhere = [];
        // Fields never exceed the distance, so every crossed edge has its ends within its length of the surface.
        var (grid, old) = BccGrid.Create(Cells, Half, places =>
        {
            everywhere = field(places);
            return Array.ConvertAll(everywhere, value => Math.Abs(value) < 2.2 * Half / Cells);
        });
        var values = Array.ConvertAll(old, vertex => everywhere[vertex]);
        FieldRepair.PushFromVertices(grid.Edges, values, 1e-3);
        var topology = MarchingTopology.Of(grid, values);
        var vertices = MarchingTetrahedra.Vertices(topology, tensor(values), tensor(grid.Positions, [grid.VertexCount, 3]));
        return new TriangleMesh(vertices.data<float>().ToArray(), topology.Faces);
    }
}
