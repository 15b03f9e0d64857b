using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Differentiable quantities of a triangle mesh whose vertices are a tensor.</summary>
public static class MeshOps
{
    /// <summary>World to clip coordinates for several cameras.</summary>
    /// <param name="positions">World positions, [P, 3].</param>
    /// <param name="cameras">The cameras, V.</param>
    /// <returns>[V, P, 4].</returns>
    public static Tensor ToClip(Tensor positions, IReadOnlyList<Camera> cameras)
    {
        ArgumentNullException.ThrowIfNull(positions);
        ArgumentNullException.ThrowIfNull(cameras);
        using var scope = NewDisposeScope();
        var matrices = tensor(cameras.SelectMany(camera => camera.WorldToClip()).ToArray(), [cameras.Count, 4, 4])
            .to(positions.dtype, positions.device);
        var turned = matmul(positions, matrices.narrow(2, 0, 3).transpose(1, 2));       // [V, P, 4]
        return (turned + matrices.select(2, 3).unsqueeze(1)).MoveToOuterDisposeScope();
    }

    /// <summary>Vertex normals: sums of area-weighted face normals, normalised.</summary>
    /// <param name="positions">World positions, [P, 3].</param>
    /// <param name="faces">Vertices of the triangles, [F, 3], int64.</param>
    /// <returns>Unit normals, [P, 3].</returns>
    public static Tensor VertexNormals(Tensor positions, Tensor faces)
    {
        ArgumentNullException.ThrowIfNull(positions);
        ArgumentNullException.ThrowIfNull(faces);
        using var scope = NewDisposeScope();
        var crosses = Crosses(positions, faces);
        var sums = zeros_like(positions);
        foreach (var corner in faces.unbind(1))
        {
            sums = sums.index_add(0, corner, crosses, 1);
        }

        return (sums / Length(sums)).MoveToOuterDisposeScope();
    }

    /// <summary>Area of the surface.</summary>
    /// <param name="positions">World positions, [P, 3].</param>
    /// <param name="faces">Vertices of the triangles, [F, 3], int64.</param>
    /// <returns>Square metres, a scalar.</returns>
    public static Tensor Area(Tensor positions, Tensor faces)
    {
        ArgumentNullException.ThrowIfNull(positions);
        ArgumentNullException.ThrowIfNull(faces);
        using var scope = NewDisposeScope();
        return (Length(Crosses(positions, faces)).sum() / 2).MoveToOuterDisposeScope();
    }

    // Face normals, twice as long as the faces are large, [F, 3].
    private static Tensor Crosses(Tensor positions, Tensor faces)
    {
        var corners = faces.unbind(1);
        var a = positions.index_select(0, corners[0]);
        var b = positions.index_select(0, corners[1]);
        var c = positions.index_select(0, corners[2]);
        return linalg.cross(b - a, c - a, 1);
    }

    // Never 0, so that a triangle without area has a gradient.
    private static Tensor Length(Tensor rows) => (rows.square().sum(1, keepdim: true) + 1e-20).sqrt();
}
