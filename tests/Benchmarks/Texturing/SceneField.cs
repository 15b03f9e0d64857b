using System.Numerics;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Scenes;
using Realiz3D.Mesh.Scenes.Solids;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Benchmarks.Texturing;

/// <summary>A procedural object's own albedo and normals at places of its surface.</summary>
internal static class SceneField
{
    private const int Batch = 1 << 18;
    private const float Step = 5e-4f;   // metres, half of the difference

    private static readonly Vector3[] s_axes =
        [Vector3.UnitX, -Vector3.UnitX, Vector3.UnitY, -Vector3.UnitY, Vector3.UnitZ, -Vector3.UnitZ];

    /// <summary>The object's own albedo, linear RGB.</summary>
    public static Vector3[] Albedo(SceneObject scene, Vector3[] places)
    {
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        var planes = scene.Albedo(new Points(
            tensor(Array.ConvertAll(places, place => place.X)),
            tensor(Array.ConvertAll(places, place => place.Y)),
            tensor(Array.ConvertAll(places, place => place.Z)))).contiguous().data<float>().ToArray();
        return [.. Enumerable.Range(0, places.Length).Select(i => new Vector3(
            planes[i], planes[places.Length + i], planes[(2 * places.Length) + i]))];
    }

    /// <summary>Normals at a mesh's vertices: differences of the field over a millimetre; where they vanish, the mesh's own.</summary>
    public static float[] Normals(SceneObject scene, TriangleMesh mesh)
    {
        using var unrecorded = no_grad();
        var around = s_axes.Select(axis => Distances(
            scene, [.. Enumerable.Range(0, mesh.VertexCount).Select(vertex => mesh.Position(vertex) + (Step * axis))
                .SelectMany(place => new[] { place.X, place.Y, place.Z })])).ToArray();
        var normals = mesh.AreaWeightedNormals();
        for (var i = 0; i < mesh.VertexCount; i++)
        {
            var slope = new Vector3(around[0][i] - around[1][i], around[2][i] - around[3][i], around[4][i] - around[5][i]);
            if (slope.Length() > Step)
            {
                Vector3.Normalize(slope).CopyTo(normals, 3 * i);
            }
        }

        return normals;
    }

    private static float[] Distances(SceneObject scene, float[] triples)
    {
        var distances = new float[triples.Length / 3];
        for (var start = 0; start < distances.Length; start += Batch)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(Batch, distances.Length - start);
            var places = tensor(triples[(3 * start)..(3 * (start + count))], [count, 3]);
            var found = scene.Distance(new Points(
                places.select(1, 0).contiguous(), places.select(1, 1).contiguous(), places.select(1, 2).contiguous()));
            found.data<float>().ToArray().CopyTo(distances, start);
        }

        return distances;
    }
}
