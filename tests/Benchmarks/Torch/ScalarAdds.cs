using static TorchSharp.torch;

namespace Realiz3D.Mesh.Benchmarks.Torch;

/// <summary>Sums of one element: what is left of an operator's time is the way to it and back.</summary>
internal static class ScalarAdds
{
    private const int Count = 10_000;

    /// <summary>Each way to write the sum, with what the Python side calls it.</summary>
    public static readonly (string Name, string Asked, Action<Tensor, Tensor> Sum)[] Ways =
    [
        ("a + b, disposed at once", "add", Disposed),
        ("a + b, disposed by a scope", "add", Scoped),
        ("a.add_(1.0), disposed at once", "add_", InPlaceDisposed),
        ("a.add_(1.0), disposed by a scope", "add_", InPlaceScoped),
    ];

    /// <summary>Nanoseconds of processor time for one sum: ours and PyTorch's, one after the other. Other programs' turns do not count.</summary>
    public static (double Ours, double Theirs) Measure(TorchPeer peer, string asked, Action<Tensor, Tensor> sum)
    {
        using var a = ones(1);
        using var b = ones(1);
        var start = Environment.CpuUsage.TotalTime;
        sum(a, b);
        var ours = (Environment.CpuUsage.TotalTime - start).TotalNanoseconds;
        return (ours / Count, peer.Time($"{asked} {Count}")[0] / Count);
    }

    private static void Disposed(Tensor a, Tensor b)
    {
        for (var i = 0; i < Count; i++)
        {
            using var c = a + b;
        }
    }

    // A scope for ten sums: about what a module's forward pass holds.
    private static void Scoped(Tensor a, Tensor b)
    {
        for (var i = 0; i < Count; i += 10)
        {
            using var scope = NewDisposeScope();
            for (var j = 0; j < 10; j++)
            {
                _ = a + b;
            }
        }
    }

    private static void InPlaceDisposed(Tensor a, Tensor b)
    {
        for (var i = 0; i < Count; i++)
        {
            a.add_(1.0).Dispose();
        }
    }

    private static void InPlaceScoped(Tensor a, Tensor b)
    {
        for (var i = 0; i < Count; i += 10)
        {
            using var scope = NewDisposeScope();
            for (var j = 0; j < 10; j++)
            {
                a.add_(1.0);
            }
        }
    }
}
