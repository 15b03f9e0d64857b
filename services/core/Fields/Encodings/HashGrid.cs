using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Fields;

/// <summary>Multiresolution hash encoding: trainable features on grids of rising resolution, read trilinearly.</summary>
/// <remarks>
/// A hashed vertex has entry <c>(x xor 2654435761 y xor 805459861 z) mod entries</c> of its level, in 32 bits; a dense one has
/// <c>x + R y + R^2 z</c>. Gradients reach the table and the positions. The field carries nerfstudio's name.
/// Source: Mueller et al. 2022, arXiv:2201.05989, section 3.
/// </remarks>
public sealed class HashGrid : Module<Tensor, Tensor>
{
    private static readonly long[] Primes = [1, 2654435761, 805459861];

    private readonly Parameter hash_table;
    private readonly HashLevel[] _levels;
    private readonly HashGridConfig _config;

    /// <param name="config">Sizes.</param>
    /// <param name="generator">Draws the first features, even in [-1e-4, 1e-4].</param>
    public HashGrid(HashGridConfig config, Generator generator) : base(nameof(HashGrid))
    {
        ArgumentNullException.ThrowIfNull(config);
        (_config, _levels) = (config, config.LayOut());
        using var scope = NewDisposeScope();
        hash_table = Parameter(rand(EntryCount, config.FeaturesPerLevel, generator: generator) * 2e-4 - 1e-4);
        RegisterComponents();
    }

    /// <summary>Entries of all levels, F numbers each.</summary>
    public long EntryCount => _levels[^1].First + _levels[^1].Entries;

    /// <summary>Width of the encoding, L F.</summary>
    public int Width => _config.Levels * _config.FeaturesPerLevel;

    /// <summary>The features, [entries, F].</summary>
    public Tensor Table => hash_table;

    /// <summary>Cells per unit of length on each level.</summary>
    public IReadOnlyList<double> Scales => [.. _levels.Select(level => level.Scale)];

    /// <param name="positions">In [0, 1], [..., 3].</param>
    /// <returns>First level first, [..., L F]. The caller disposes it.</returns>
    public override Tensor forward(Tensor positions)
    {
        using var scope = NewDisposeScope();
        var points = positions.reshape(-1, 3);
        return cat([.. _levels.Select(level => Read(level, points))], -1)
            .reshape([.. positions.shape[..^1], Width]).MoveToOuterDisposeScope();
    }

    private Tensor Read(HashLevel level, Tensor positions)
    {
        using var scope = NewDisposeScope();
        var scaled = positions * level.Scale + level.Shift;                                 // [N, 3]
        var low = scaled.detach().floor();
        // nerfstudio takes the cell's upper corner from the ceiling: on a vertex both corners are that vertex.
        var high = _config.Style == HashGridStyle.Nerfstudio ? scaled.detach().ceil() : low + 1;
        var share = scaled - low;

        var entries = Entries(level, stack([low, high], 1).to(ScalarType.Int64));           // [N, 2, 2, 2]
        var weights = Along(stack([1 - share, share], 1), (x, y) => x * y);                 // [N, 2, 2, 2]
        var features = hash_table.index_select(0, entries.reshape(-1)).reshape(positions.shape[0], 8, _config.FeaturesPerLevel);
        return (features * weights.reshape(-1, 8, 1)).sum(1).MoveToOuterDisposeScope();     // [N, F]
    }

    private static Tensor Entries(HashLevel level, Tensor corners)
    {
        var factors = level.DenseResolution is { } r ? [1, r, r * r] : Primes;
        var parts = corners * tensor(factors, device: corners.device);
        var mixed = Along(parts, level.DenseResolution is null ? (x, y) => x ^ y : (x, y) => x + y);
        // The originals count in 32 bits without sign, which tells outside of the grid.
        return (mixed & tensor((long)uint.MaxValue, device: corners.device)).remainder(level.Entries) + level.First;
    }

    /// <summary>Joins the numbers of a cell's two ends along each axis, [N, 2, 3], to one per corner, [N, 2, 2, 2].</summary>
    private static Tensor Along(Tensor ends, Func<Tensor, Tensor, Tensor> join)
    {
        var (x, y, z) = (ends.select(2, 0), ends.select(2, 1), ends.select(2, 2));          // [N, 2]
        return join(join(x.reshape(-1, 2, 1, 1), y.reshape(-1, 1, 2, 1)), z.reshape(-1, 1, 1, 2));
    }
}
