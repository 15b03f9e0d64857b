using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Arithmetic of low-rank updates.</summary>
public static class LowRank
{
    /// <summary>The update as a weight: up down, computed in single precision.</summary>
    /// <param name="down">[r, I] or [r, I, kh, kw].</param>
    /// <param name="up">[O, r] or [O, r, 1, 1].</param>
    /// <param name="shape">Shape of the layer's weight.</param>
    /// <returns>The update, of that shape. The caller disposes it.</returns>
    public static Tensor Product(Tensor down, Tensor up, long[] shape)
    {
        using var scope = NewDisposeScope();
        var narrow = down.to(ScalarType.Float32).flatten(1);        // [r, I kh kw]
        var widen = up.to(ScalarType.Float32).flatten(1);           // [O, r]
        return widen.matmul(narrow).view(shape).MoveToOuterDisposeScope();
    }

    /// <summary>Adds an update to a weight, in place: the layer is then faster than with the update beside it.</summary>
    /// <param name="weight">Weight of the layer.</param>
    /// <param name="down">Narrows to the rank.</param>
    /// <param name="up">Widens to the layer's outputs.</param>
    /// <param name="factor">Factor of the update: scale times alpha / rank; its negative takes the update back.</param>
    /// <exception cref="ArgumentException">The update does not fit the layer.</exception>
    public static void Merge(Tensor weight, Tensor down, Tensor up, double factor)
    {
        RequireFit(down, up, weight);
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var update = Product(down, up, weight.shape).to(weight.device);
        weight.copy_(weight.to(ScalarType.Float32) + (update * factor));
    }

    /// <summary>Refuses an update whose shapes are not those of the layer.</summary>
    internal static void RequireFit(Tensor down, Tensor up, Tensor weight)
    {
        var (d, u, w) = (down.shape, up.shape, weight.shape);
        var pointwise = u.Length == 2 || (u.Length == 4 && u[2] == 1 && u[3] == 1);
        var fits = d.Length == w.Length && u.Length == w.Length && pointwise
            && d.AsSpan(1).SequenceEqual(w.AsSpan(1)) && u[0] == w[0] && u[1] == d[0];
        if (!fits)
        {
            throw new ArgumentException(
                $"a low-rank update of shapes [{string.Join(", ", d)}] and [{string.Join(", ", u)}] does not fit a weight of "
                    + $"shape [{string.Join(", ", w)}].");
        }
    }
}
