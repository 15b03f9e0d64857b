namespace Realiz3D.Mesh.Formats;

/// <summary>Smooths without shrinking.</summary>
/// <remarks>
/// Taubin 1995, "A signal processing approach to fair surface design": a step lambda towards the mean of the neighbours, then a longer one mu
/// away from it. With 1/lambda + 1/mu = 0.1 (his pass band) waves longer than the mesh's grain stay, shorter ones fade. Vertices at open borders
/// and edges with more than two faces stay where they are.
/// </remarks>
public static class MeshSmoothing
{
    private const double PassBand = 0.1;

    /// <summary>Smooths a mesh.</summary>
    /// <param name="mesh">The mesh; vertices at the same place stay together.</param>
    /// <param name="iterations">Pairs of steps.</param>
    /// <param name="lambda">Share of the way towards the neighbours' mean, 0 to 1.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>A new mesh; its normals are computed anew if the mesh had some.</returns>
    public static TriangleMesh Taubin(TriangleMesh mesh, int iterations, double lambda = 0.5, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(iterations);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lambda);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lambda, 1);
        if (mesh.Fault() is { } fault)
        {
            throw new ArgumentException($"The mesh cannot be smoothed: {fault}", nameof(mesh));
        }

        var same = MeshInspection.FirstAtSamePlace(mesh);
        var indices = Array.ConvertAll(mesh.Indices, vertex => same[vertex]);
        var edges = MeshEdges.Of(indices, MeshEdges.ProperFaces(indices));
        var places = Vector3d.All(mesh.Positions);
        var mu = 1 / (PassBand - (1 / lambda));
        for (var i = 0; i < iterations; i++)
        {
            cancel.ThrowIfCancellationRequested();
            places = Step(Step(places, edges, lambda), edges, mu);
        }

        var positions = new float[mesh.Positions.Length];
        for (var vertex = 0; vertex < same.Length; vertex++)
        {
            places[same[vertex]].Store(positions, vertex);
        }

        var smooth = mesh with { Positions = positions, Normals = null, Tangents = null };
        return mesh.Normals is null ? smooth : smooth with { Normals = smooth.AreaWeightedNormals() };
    }

    private static Vector3d[] Step(Vector3d[] places, MeshEdges edges, double share)
    {
        var (sums, counts, held) = (new Vector3d[places.Length], new int[places.Length], new bool[places.Length]);
        for (var edge = 0; edge < edges.Count; edge++)
        {
            var (a, b) = (edges[edge][0].Low, edges[edge][0].High);
            (sums[a], sums[b]) = (sums[a] + places[b], sums[b] + places[a]);
            counts[a]++;
            counts[b]++;
            held[a] |= edges[edge].Length != 2;
            held[b] |= edges[edge].Length != 2;
        }

        var moved = new Vector3d[places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            moved[i] = held[i] || counts[i] == 0 ? places[i] : places[i] + (((sums[i] / counts[i]) - places[i]) * share);
        }

        return moved;
    }
}
