using System.Diagnostics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Benchmarks.Torch;

/// <summary>The block with its input, and the gradient that its output gets: the same numbers on both sides, through a file.</summary>
internal sealed class BlockWork : IDisposable
{
    /// <summary>Pixels along a side: the second level of a 512 pixel image.</summary>
    public const int Side = 32;

    private const int Tokens = 77;

    private readonly UNetBlock _block = new();
    private readonly Tensor _x;
    private readonly Tensor _time;
    private readonly Tensor _words;
    private readonly Tensor _seed;
    private readonly Tensor[] _parameters;
    private Tensor? _output;

    public BlockWork()
    {
        using var generator = new Generator(7);
        _x = randn([1, UNetBlock.Incoming, Side, Side], generator: generator);
        _x.requires_grad = true;
        _time = randn([1, UNetBlock.Time], generator: generator);
        _words = randn([1, Tokens, UNetBlock.Words], generator: generator);
        _seed = randn([1, UNetBlock.Width, Side, Side], generator: generator);
        _parameters = [.. _block.named_parameters().OrderBy(pair => pair.name, StringComparer.Ordinal).Select(pair => pair.parameter)];
    }

    /// <summary>Multiplications and additions of the products and convolutions, forward and backward (twice the forward pass).</summary>
    public static double Operations
    {
        get
        {
            const double Pixels = Side * Side, Width = UNetBlock.Width;
            const double Convolutions = Pixels * Width * ((9 * UNetBlock.Incoming) + (9 * Width) + UNetBlock.Incoming + (2 * Width));
            const double Linears = (Pixels * Width * Width * (4 + 2 + 12)) + (2 * Tokens * UNetBlock.Words * Width) + (UNetBlock.Time * Width);
            const double Attentions = 2 * Pixels * (Pixels + Tokens) * Width;
            return 3 * 2 * (Convolutions + Linears + Attentions);
        }
    }

    /// <summary>Writes all tensors for the other side.</summary>
    public void Write(string path)
    {
        using var file = File.Create(path);
        foreach (var tensor in _parameters.Concat([_x, _time, _words, _seed]))
        {
            file.Write(tensor.bytes);
        }
    }

    /// <summary>One pass forward and one backward, in nanoseconds. What the pass made ends within the second.</summary>
    public (double Forward, double Backward) Run()
    {
        _x.grad = null;
        _block.zero_grad();
        _output?.Dispose();
        var start = Stopwatch.GetTimestamp();
        _output = _block.call(_x, _time, _words);
        var middle = Stopwatch.GetTimestamp();
        _output.backward([_seed]);
        return (Stopwatch.GetElapsedTime(start, middle).TotalNanoseconds, Stopwatch.GetElapsedTime(middle).TotalNanoseconds);
    }

    /// <summary>How far the other side's output and gradients are from those of the last run: the difference's norm over the norm, the worst of all tensors.</summary>
    public double Compare(string path)
    {
        using var scope = NewDisposeScope();
        var theirs = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path));
        var worst = 0.0;
        foreach (var tensor in _parameters.Select(parameter => parameter.grad!).Prepend(_x.grad!).Prepend(_output!.detach()))
        {
            var ours = MemoryMarshal.Cast<byte, float>(tensor.contiguous().bytes);
            var (apart, size) = (0.0, 0.0);
            for (var i = 0; i < ours.Length; i++)
            {
                apart += Math.Pow(ours[i] - theirs[i], 2);
                size += Math.Pow(theirs[i], 2);
            }

            worst = Math.Max(worst, Math.Sqrt(apart / size));
            theirs = theirs[ours.Length..];
        }

        return theirs.Length == 0 ? worst : double.NaN;
    }

    public void Dispose()
    {
        _output?.Dispose();
        _block.Dispose();
        foreach (var tensor in new[] { _x, _time, _words, _seed })
        {
            tensor.Dispose();
        }
    }
}
