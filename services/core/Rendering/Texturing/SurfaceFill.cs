using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Carries colours over the surface from where views saw it to where none did.</summary>
/// <remarks>
/// 1. texels give their colours to the vertices of their faces  2. vertices without colour take the mean of their coloured
/// neighbours, ring by ring  3. these settle by Jacobi steps of the Laplace equation, the seen ones held fixed. Distance is
/// measured along the surface, so the inside of a mug takes its colour from its rim and not from a chart that happens to
/// lie beside it in the texture.
/// </remarks>
internal sealed class SurfaceFill
{
    private const float SeenTrust = 0.02f;
    private const int SettlingSteps = 40;

    private readonly Vector3[] _colors;
    private readonly int[] _indices;

    public SurfaceFill(TriangleMesh mesh, SurfaceTexels texels, Vector3[] colors, float[] trusts)
    {
        _indices = MeshInspection.Welded(mesh);
        _colors = new Vector3[mesh.VertexCount];
        var weights = new float[mesh.VertexCount];

        // 1. texels to vertices
        for (var i = 0; i < colors.Length; i++)
        {
            for (var corner = 0; corner < 3; corner++)
            {
                var vertex = _indices[(3 * texels.Faces[i]) + corner];
                var weight = trusts[i] * texels.Weights[i][corner];
                _colors[vertex] += weight * colors[i];
                weights[vertex] += weight;
            }
        }

        var known = new bool[mesh.VertexCount];
        for (var vertex = 0; vertex < known.Length; vertex++)
        {
            known[vertex] = weights[vertex] > SeenTrust;
            _colors[vertex] = known[vertex] ? _colors[vertex] / weights[vertex] : Vector3.Zero;
        }

        // 2. and 3.
        var unknown = Spread(known);
        Settle(unknown);
    }

    /// <summary>The carried colour at a texel.</summary>
    public Vector3 At(SurfaceTexels texels, int texel)
    {
        var (face, weights) = (texels.Faces[texel], texels.Weights[texel]);
        return (weights.X * _colors[_indices[3 * face]]) + (weights.Y * _colors[_indices[(3 * face) + 1]])
            + (weights.Z * _colors[_indices[(3 * face) + 2]]);
    }

    // Returns the faces that have a vertex no view saw, with a mark for each such vertex.
    private (int[] Faces, bool[] Free) Spread(bool[] known)
    {
        var free = Array.ConvertAll(known, vertex => !vertex);
        int[] faces = [.. Enumerable.Range(0, _indices.Length / 3).Where(face => Corners(face).ContainsAny(free))];
        for (var changed = true; changed;)
        {
            changed = false;
            var (sums, counts) = Gather(faces, vertex => known[vertex]);
            for (var vertex = 0; vertex < known.Length; vertex++)
            {
                if (!known[vertex] && counts[vertex] > 0)
                {
                    _colors[vertex] = sums[vertex] / counts[vertex];
                    known[vertex] = changed = true;
                }
            }
        }

        return (faces, free);
    }

    private void Settle((int[] Faces, bool[] Free) unknown)
    {
        for (var step = 0; step < SettlingSteps; step++)
        {
            var (sums, counts) = Gather(unknown.Faces, _ => true);
            for (var vertex = 0; vertex < sums.Length; vertex++)
            {
                if (unknown.Free[vertex] && counts[vertex] > 0)
                {
                    _colors[vertex] = sums[vertex] / counts[vertex];
                }
            }
        }
    }

    private (Vector3[] Sums, int[] Counts) Gather(int[] faces, Func<int, bool> gives)
    {
        var (sums, counts) = (new Vector3[_colors.Length], new int[_colors.Length]);
        foreach (var face in faces)
        {
            for (var corner = 0; corner < 3; corner++)
            {
                var (to, from) = (_indices[(3 * face) + corner], _indices[(3 * face) + ((corner + 1) % 3)]);
                for (var direction = 0; direction < 2; direction++, (to, from) = (from, to))
                {
                    if (gives(from))
                    {
                        sums[to] += _colors[from];
                        counts[to]++;
                    }
                }
            }
        }

        return (sums, counts);
    }

    private CornerSet Corners(int face) => new(_indices[3 * face], _indices[(3 * face) + 1], _indices[(3 * face) + 2]);

    private readonly record struct CornerSet(int A, int B, int C)
    {
        public bool ContainsAny(bool[] marks) => marks[A] || marks[B] || marks[C];
    }
}
