namespace Realiz3D.Mesh.Formats;

/// <summary>Vertex normals that are smooth over smooth surface and break at creases.</summary>
/// <remarks>
/// Faces on both sides of an edge share normals at its ends where they meet at no more than the crease's angle and wind alike; a corner's normal is
/// the area-weighted mean over all faces round its place that hang together by such edges. Where the faces at a vertex part, it is doubled.
/// </remarks>
public static class CreaseNormals
{
    /// <summary>Computes normals.</summary>
    /// <param name="mesh">The mesh; vertices at the same place count as one.</param>
    /// <param name="degrees">Largest angle between faces that share normals, 0 to 180.</param>
    /// <returns>The same faces with normals; +Y where no face with area touches a vertex.</returns>
    public static TriangleMesh Of(TriangleMesh mesh, double degrees)
    {
        var places = MeshInspection.Welded(mesh);
        var edges = MeshEdges.Of(places, MeshEdges.ProperFaces(places));
        var (crosses, least) = (new Vector3d[mesh.FaceCount], Math.Cos(degrees * Math.PI / 180) - 1e-9);
        for (var face = 0; face < crosses.Length; face++)
        {
            var a = Vector3d.At(mesh.Positions, mesh.Indices[3 * face]);
            crosses[face] = Vector3d.Cross(
                Vector3d.At(mesh.Positions, mesh.Indices[(3 * face) + 1]) - a, Vector3d.At(mesh.Positions, mesh.Indices[(3 * face) + 2]) - a);
        }

        var corners = new Groups(mesh.Indices.Length);
        for (var edge = 0; edge < edges.Count; edge++)
        {
            var sides = edges[edge];
            if (sides.Length == 2 && sides[0].Forward != sides[1].Forward
                && Vector3d.Dot(crosses[sides[0].Face].Unit(), crosses[sides[1].Face].Unit()) >= least)
            {
                corners.Join(sides[0].LowCorner, sides[1].LowCorner);
                corners.Join(sides[0].HighCorner, sides[1].HighCorner);
            }
        }

        var sums = new Vector3d[mesh.Indices.Length];
        for (var corner = 0; corner < sums.Length; corner++)
        {
            sums[corners.Root(corner)] += crosses[corner / 3];
        }

        var numbers = new Dictionary<(int Vertex, int Group), int>();
        var (sources, normals, indices) = (new List<int>(), new List<float>(), new int[mesh.Indices.Length]);
        for (var corner = 0; corner < indices.Length; corner++)
        {
            var key = (mesh.Indices[corner], corners.Root(corner));
            if (!numbers.TryGetValue(key, out indices[corner]))
            {
                numbers[key] = indices[corner] = sources.Count;
                sources.Add(key.Item1);
                var normal = sums[key.Item2].Unit() is var unit && unit == Vector3d.Zero ? new Vector3d(0, 1, 0) : unit;
                normals.AddRange([(float)normal.X, (float)normal.Y, (float)normal.Z]);
            }
        }

        float[] Take(float[] values, int width)
        {
            var taken = new float[width * sources.Count];
            for (var i = 0; i < sources.Count; i++)
            {
                values.AsSpan(width * sources[i], width).CopyTo(taken.AsSpan(width * i));
            }

            return taken;
        }

        return new TriangleMesh(Take(mesh.Positions, 3), indices, mesh.Uvs is null ? null : Take(mesh.Uvs, 2), [.. normals]);
    }
}
