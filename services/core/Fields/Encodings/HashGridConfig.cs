namespace Realiz3D.Mesh.Fields;

/// <summary>How a hash grid lays its levels over space.</summary>
public enum HashGridStyle
{
    /// <summary>tiny-cuda-nn: levels that fit into the table are stored densely, the others hashed; cells are shifted by a half.</summary>
    TinyCudaNn,

    /// <summary>nerfstudio's fallback in tensor operations: every level is hashed, cells lie at whole numbers.</summary>
    Nerfstudio,
}

/// <summary>Sizes of a hash grid.</summary>
/// <param name="Levels">L.</param>
/// <param name="CoarsestResolution">Cells along an axis of the first level.</param>
/// <param name="FinestResolution">Cells along an axis of the last level; those between grow at equal ratios.</param>
/// <param name="TableSizeLog2">log2 of the most entries that a level may have.</param>
/// <param name="FeaturesPerLevel">F.</param>
/// <param name="Style">Where levels and entries lie; part of a checkpoint.</param>
public sealed record HashGridConfig(
    int Levels = 16,
    int CoarsestResolution = 16,
    int FinestResolution = 4096,
    int TableSizeLog2 = 19,
    int FeaturesPerLevel = 2,
    HashGridStyle Style = HashGridStyle.TinyCudaNn)
{
    /// <summary>Scale of each level as a checkpoint's maker computed it; none to compute it here.</summary>
    public IReadOnlyList<double>? Scales { get; init; }

    /// <summary>The levels and where their entries begin in the table.</summary>
    /// <remarks>
    /// With b = exp(ln(finest / coarsest) / (L - 1)): tiny-cuda-nn has scale_l = coarsest b^l - 1, resolution ceil(scale) + 1,
    /// and min(resolution^3, 2^T) entries, rounded up to a multiple of 8; nerfstudio has scale_l = floor(coarsest b^l) and
    /// 2^T entries. Both compute in float32, and so does this.
    /// </remarks>
    internal HashLevel[] LayOut()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Levels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(CoarsestResolution, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(FinestResolution, CoarsestResolution);
        ArgumentOutOfRangeException.ThrowIfLessThan(FeaturesPerLevel, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(TableSizeLog2, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(TableSizeLog2, 30);
        if (Scales is { } given && given.Count != Levels)
        {
            throw new ArgumentException($"There are {given.Count} scales for {Levels} levels.");
        }

        var growth = Levels > 1 ? Math.Exp(Math.Log((double)FinestResolution / CoarsestResolution) / (Levels - 1)) : 1;
        var (levels, table, first) = (new HashLevel[Levels], 1L << TableSizeLog2, 0L);
        for (var l = 0; l < Levels; l++)
        {
            levels[l] = Style == HashGridStyle.TinyCudaNn
                ? Shifted(Scales?[l] ?? (MathF.Pow(2, l * MathF.Log2((float)growth)) * CoarsestResolution) - 1, table, first)
                : new(Scales?[l] ?? MathF.Floor(CoarsestResolution * MathF.Pow((float)growth, l)), 0, table, first, null);
            first += levels[l].Entries;
        }

        return levels;
    }

    private static HashLevel Shifted(double scale, long table, long first)
    {
        var resolution = (long)Math.Ceiling(scale) + 1;
        var cells = resolution * resolution * resolution;
        return new(scale, 0.5, Math.Min((cells + 7) / 8 * 8, table), first, cells <= table ? resolution : null);
    }
}

/// <summary>One level of a hash grid.</summary>
/// <param name="Scale">Cells per unit of length.</param>
/// <param name="Shift">Added to scaled positions.</param>
/// <param name="Entries">Entries in the table.</param>
/// <param name="First">The first of them.</param>
/// <param name="DenseResolution">Vertices along an axis if every vertex has its own entry, else none.</param>
internal sealed record HashLevel(double Scale, double Shift, long Entries, long First, long? DenseResolution);
