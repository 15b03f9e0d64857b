using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>The faces of a mesh with their normals, areas and neighbours.</summary>
internal sealed class FaceGraph
{
    private const int SmoothingSweeps = 3;

    public FaceGraph(TriangleMesh mesh)
    {
        Normals = new Vector3[mesh.FaceCount];
        Areas = new float[mesh.FaceCount];
        for (var f = 0; f < Normals.Length; f++)
        {
            var a = mesh.Position(mesh.Indices[3 * f]);
            var cross = Vector3.Cross(
                mesh.Position(mesh.Indices[(3 * f) + 1]) - a, mesh.Position(mesh.Indices[(3 * f) + 2]) - a);
            Areas[f] = cross.Length() / 2;
            Normals[f] = Areas[f] > 0 ? Vector3.Normalize(cross) : Vector3.Zero;
        }

        Neighbours = FindNeighbours(MeshInspection.Welded(mesh));
        Smooth = SmoothNormals();
    }

    public int Count => Normals.Length;

    /// <summary>Unit normal per face; zero where a face has no area.</summary>
    public Vector3[] Normals { get; }

    /// <summary>Normals averaged over the neighbourhood, so that single crooked faces do not become charts.</summary>
    public Vector3[] Smooth { get; }

    public float[] Areas { get; }

    /// <summary>The face across each edge, -1 where there is none or more than one, [3F].</summary>
    public int[] Neighbours { get; }

    private static int[] FindNeighbours(int[] indices)
    {
        var edges = new (long Key, int Edge)[indices.Length];
        for (var i = 0; i < edges.Length; i++)
        {
            var (a, b) = (indices[i], indices[i - (i % 3) + ((i + 1) % 3)]);
            edges[i] = (((long)Math.Min(a, b) << 32) | (uint)Math.Max(a, b), i);
        }

        Array.Sort(edges);
        var neighbours = new int[indices.Length];
        Array.Fill(neighbours, -1);
        for (var start = 0; start < edges.Length;)
        {
            var end = start + 1;
            while (end < edges.Length && edges[end].Key == edges[start].Key)
            {
                end++;
            }

            if (end - start == 2)
            {
                neighbours[edges[start].Edge] = edges[start + 1].Edge / 3;
                neighbours[edges[start + 1].Edge] = edges[start].Edge / 3;
            }

            start = end;
        }

        return neighbours;
    }

    private Vector3[] SmoothNormals()
    {
        var current = new Vector3[Count];
        for (var f = 0; f < Count; f++)
        {
            current[f] = Normals[f] * Areas[f];
        }

        for (var sweep = 0; sweep < SmoothingSweeps; sweep++)
        {
            var next = (Vector3[])current.Clone();
            for (var i = 0; i < Neighbours.Length; i++)
            {
                next[i / 3] += Neighbours[i] >= 0 ? current[Neighbours[i]] : Vector3.Zero;
            }

            current = next;
        }

        return Array.ConvertAll(current, sum => sum.LengthSquared() > 0 ? Vector3.Normalize(sum) : Vector3.UnitY);
    }
}
