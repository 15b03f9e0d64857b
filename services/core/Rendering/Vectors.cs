using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Vectors in the last axis of tensors.</summary>
public static class Vectors
{
    /// <summary>Dot products.</summary>
    /// <param name="a">[..., C].</param>
    /// <param name="b">[..., C].</param>
    /// <returns>[..., 1].</returns>
    public static Tensor Dot(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        return (a * b).sum(-1, keepdim: true).MoveToOuterDisposeScope();
    }

    /// <summary>Unit vectors; 0 stays 0, and its gradient is finite.</summary>
    /// <param name="vectors">[..., C].</param>
    /// <returns>[..., C].</returns>
    public static Tensor Normalize(Tensor vectors)
    {
        using var scope = NewDisposeScope();
        return (vectors / Dot(vectors, vectors).clamp_min(1e-20).sqrt()).MoveToOuterDisposeScope();
    }
}
