using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Carries colours over the surface from where views saw it to where none did.</summary>
/// <remarks>
/// 1. texels give their colours to the vertices of their faces  2. vertices without colour take the mean of their coloured
/// neighbours, ring by ring  3. from there they settle to the harmonic continuation of the seen ones (<see cref="HarmonicFill"/>).
/// Distance is measured along the surface, so the inside of a mug takes its colour from its rim and not from a chart that
/// happens to lie beside it in the texture. A piece of which nothing was seen takes the mean of all that was.
/// </remarks>
internal sealed class SurfaceFill
{
    private const float SeenTrust = 0.02f;

    private readonly Vector3[] _colors;
    private readonly int[] _indices;
    private readonly SurfaceTexels _texels;
    private readonly float[] _texelWeights;
    private readonly float[] _weights;
    private readonly bool[] _known;
    private readonly HarmonicFill _harmonic;
    private bool _guessed;

    /// <param name="mesh">The mesh.</param>
    /// <param name="texels">Its texels.</param>
    /// <param name="trusts">How well each texel was seen, 0 where it was not: from them on a vertex counts as seen.</param>
    /// <param name="weights">How much each texel has to say about the colour of its vertices, above 0 where it was seen.</param>
    public SurfaceFill(TriangleMesh mesh, SurfaceTexels texels, float[] trusts, float[] weights)
    {
        (_texels, _texelWeights) = (texels, weights);
        _indices = MeshInspection.Welded(mesh);
        _colors = new Vector3[mesh.VertexCount];
        _weights = new float[mesh.VertexCount];
        var seen = new float[mesh.VertexCount];
        Gather(trusts, (vertex, weight, _) => seen[vertex] += weight);
        Gather(weights, (vertex, weight, _) => _weights[vertex] += weight);
        _known = Array.ConvertAll(seen, weight => weight > SeenTrust);
        Vector3[] places = [.. Enumerable.Range(0, mesh.VertexCount).Select(mesh.Position)];
        _harmonic = new HarmonicFill(places, _indices, _known);
    }

    /// <summary>Takes the texels' colours and carries them on.</summary>
    /// <param name="colors">One per texel.</param>
    public void Update(Vector3[] colors)
    {
        // 1. texels to vertices
        var sums = new Vector3[_colors.Length];
        Gather(_texelWeights, (vertex, weight, texel) => sums[vertex] += weight * colors[texel]);
        var (low, high, mean, count) = (Vector3.One, Vector3.Zero, Vector3.Zero, 0);
        for (var vertex = 0; vertex < _known.Length; vertex++)
        {
            if (_known[vertex])
            {
                _colors[vertex] = sums[vertex] / _weights[vertex];
                (low, high) = (Vector3.Min(low, _colors[vertex]), Vector3.Max(high, _colors[vertex]));
                (mean, count) = (mean + _colors[vertex], count + 1);
            }
        }

        if (count == 0)
        {
            return;
        }

        // 2. a first guess; later ones start from what they have
        if (!_guessed)
        {
            Spread(mean / count);
            _guessed = true;
        }

        // 3. harmonic; its largest and smallest values are known ones, but for edges whose weight is negative
        _harmonic.Solve(_colors);
        for (var vertex = 0; vertex < _known.Length; vertex++)
        {
            _colors[vertex] = Vector3.Clamp(_colors[vertex], low, high);
        }
    }

    /// <summary>The carried colour at a texel.</summary>
    public Vector3 At(int texel)
    {
        var (face, weights) = (_texels.Faces[texel], _texels.Weights[texel]);
        return (weights.X * _colors[_indices[3 * face]]) + (weights.Y * _colors[_indices[(3 * face) + 1]])
            + (weights.Z * _colors[_indices[(3 * face) + 2]]);
    }

    private void Gather(float[] trusts, Action<int, float, int> give)
    {
        for (var i = 0; i < trusts.Length; i++)
        {
            for (var corner = 0; trusts[i] > 0 && corner < 3; corner++)
            {
                give(_indices[(3 * _texels.Faces[i]) + corner], trusts[i] * _texels.Weights[i][corner], i);
            }
        }
    }

    private void Spread(Vector3 mean)
    {
        var reached = (bool[])_known.Clone();
        int[] faces = [.. Enumerable.Range(0, _indices.Length / 3).Where(face => !_indices.AsSpan(3 * face, 3).ToArray().All(v => reached[v]))];
        for (var changed = true; changed;)
        {
            changed = false;
            var (sums, counts) = (new Vector3[_colors.Length], new int[_colors.Length]);
            foreach (var face in faces)
            {
                for (var side = 0; side < 6; side++)
                {
                    var (to, from) = (_indices[(3 * face) + (side % 3)], _indices[(3 * face) + ((side + 1 + (side / 3)) % 3)]);
                    sums[to] += reached[from] ? _colors[from] : Vector3.Zero;
                    counts[to] += reached[from] ? 1 : 0;
                }
            }

            for (var vertex = 0; vertex < reached.Length; vertex++)
            {
                if (!reached[vertex] && counts[vertex] > 0)
                {
                    _colors[vertex] = sums[vertex] / counts[vertex];
                    reached[vertex] = changed = true;
                }
            }
        }

        for (var vertex = 0; vertex < reached.Length; vertex++)
        {
            _colors[vertex] = reached[vertex] ? _colors[vertex] : mean;
        }
    }
}
