using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Reads a texture between its texels, with gradients to texels and coordinates.</summary>
/// <remarks>
/// A texel (column i, row j) of a texture of W x H has its middle at ((i + 0.5) / W, (j + 0.5) / H), v downwards. Mip levels are means of 2 x 2
/// texels. The level follows the longer axis of a pixel's footprint, in texels:
/// <code>
/// A = sX^2 + tX^2   B = sY^2 + tY^2   C = sX sY + tX tY
/// major^2 = (A + B) / 2 + sqrt((A - B)^2 / 4 + C^2)   level = log2(major^2) / 2, within [0, last]
/// </code>
/// Laine et al. 2020, arXiv:2011.03277, section 3.4. The choice of level has no gradient. Where a pixel's footprint is no longer than a texel the
/// texture is magnified.
/// </remarks>
public sealed class TextureSampler : IDisposable
{
    private readonly List<Tensor> _levels = [];
    private readonly TextureSampling _sampling;

    /// <summary>Prepares a texture. Its mip levels are made where the filter reads them.</summary>
    /// <param name="texels">[H, W, C]; sides that are no power of two are halved as long as they are even.</param>
    /// <param name="filter">How to read between texels.</param>
    /// <param name="wrap">What lies beyond the border.</param>
    public TextureSampler(Tensor texels, TextureFilter filter, TextureWrap wrap = TextureWrap.Repeat)
        : this(texels, new TextureSampling(filter, wrap, wrap))
    {
    }

    /// <summary>Prepares a texture. Its mip levels are made where the filter reads them.</summary>
    /// <param name="texels">[H, W, C], as above.</param>
    /// <param name="sampling">How to read it.</param>
    public TextureSampler(Tensor texels, TextureSampling sampling)
    {
        ArgumentNullException.ThrowIfNull(texels);
        _sampling = sampling;
        _levels.Add(texels.alias().DetachFromDisposeScope());
        while (sampling.HasLevels && _levels[^1].shape is [var height, var width, _] && height % 2 == 0 && width % 2 == 0)
        {
            using var scope = NewDisposeScope();
            _levels.Add(_levels[^1].reshape(height / 2, 2, width / 2, 2, -1).mean([1, 3]).DetachFromDisposeScope());
        }
    }

    /// <summary>Number of levels, at least 1.</summary>
    public int LevelCount => _levels.Count;

    /// <summary>Reads the texture.</summary>
    /// <param name="coordinates">(u, v), 0 to 1 over the texture, [N, 2].</param>
    /// <param name="derivatives">
    /// How fast they change per pixel to the right and down, [N, 2, 2], as from <see cref="FragmentDerivatives"/>; only mip levels and filters that
    /// differ for larger and smaller texels need it.
    /// </param>
    /// <returns>[N, C].</returns>
    /// <exception cref="ArgumentException">The texels' size counts, and there are no derivatives.</exception>
    public Tensor Sample(Tensor coordinates, Tensor? derivatives = null)
    {
        ArgumentNullException.ThrowIfNull(coordinates);
        using var scope = NewDisposeScope();
        var (nearest, nearestMagnified) = (_sampling.IsNearest, _sampling.IsNearestMagnified);
        if (!_sampling.HasLevels && nearest == nearestMagnified)
        {
            return Read(_levels[0], coordinates, nearest).MoveToOuterDisposeScope();
        }

        var size = LevelOf(derivatives ?? throw new ArgumentException("This texture needs the derivatives of its coordinates."));    // [N, 1]
        var result = Minified(coordinates, size.clamp(0, _levels.Count - 1));
        return (nearest == nearestMagnified ? result : where(size > 0, result, Read(_levels[0], coordinates, nearestMagnified)))
            .MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _levels.ForEach(level => level.Dispose());

    private Tensor Minified(Tensor coordinates, Tensor level)
    {
        level = _sampling.Filter is TextureFilter.LinearMipmapNearest or TextureFilter.NearestMipmapNearest ? level.round() : level;
        // Levels that no sample reads are left out.
        var (first, last) = level.shape[0] == 0 ? (0, 0) : ((int)level.min().ToDouble(), (int)Math.Ceiling(level.max().ToDouble()));
        return Enumerable.Range(first, last - first + 1)
            .Select(i => Read(_levels[i], coordinates, _sampling.IsNearest) * (1 - (level - i).abs()).clamp_min(0))
            .Aggregate((sum, share) => sum + share);
    }

    // Of any size: below 0 where a texel is larger than a pixel.
    private Tensor LevelOf(Tensor derivatives)
    {
        var size = Size(_levels[0], derivatives);
        var texels = derivatives.detach() * size.unsqueeze(2);                              // [N, (s, t), (X, Y)]
        var (x, y) = (texels.select(2, 0), texels.select(2, 1));
        var (a, b, c) = (x.square().sum(1, keepdim: true), y.square().sum(1, keepdim: true), (x * y).sum(1, keepdim: true));
        var major = (a + b) / 2 + ((a - b).square() / 4 + c.square()).sqrt();
        return major.clamp_min(1e-20).log2() / 2;
    }

    private Tensor Read(Tensor texels, Tensor coordinates, bool nearest)
    {
        var at = coordinates * Size(texels, coordinates);                                   // [N, 2], in texels
        if (nearest)
        {
            return Texels(texels, at.floor());
        }

        at -= 0.5;
        var corner = at.detach().floor();
        var share = at - corner;
        var (right, lower) = (share.narrow(1, 0, 1), share.narrow(1, 1, 1));
        var upperRow = Texels(texels, corner) * (1 - right) + Texels(texels, corner + Step(1, 0)) * right;
        var lowerRow = Texels(texels, corner + Step(0, 1)) * (1 - right) + Texels(texels, corner + Step(1, 1)) * right;
        return upperRow * (1 - lower) + lowerRow * lower;

        Tensor Step(float columns, float rows) => tensor(new[] { columns, rows }, device: corner.device).to_type(corner.dtype);
    }

    private Tensor Texels(Tensor texels, Tensor texel)
    {
        var (height, width) = (texels.shape[0], texels.shape[1]);
        var whole = texel.detach().to(ScalarType.Int64);
        var (column, row) = (whole.select(1, 0), whole.select(1, 1));
        var (insideColumn, insideRow) = (Inside(column, width, _sampling.WrapU), Inside(row, height, _sampling.WrapV));
        var values = texels.reshape(height * width, -1).index_select(0, insideRow * width + insideColumn);
        values = _sampling.WrapU == TextureWrap.Zero ? values * Same(insideColumn, column) : values;
        return _sampling.WrapV == TextureWrap.Zero ? values * Same(insideRow, row) : values;

        Tensor Same(Tensor a, Tensor b) => (a == b).to_type(values.dtype).unsqueeze(1);
    }

    private static Tensor Inside(Tensor texel, long size, TextureWrap wrap) => wrap switch
    {
        TextureWrap.Repeat => texel.remainder(size),
        TextureWrap.Mirror => minimum(texel.remainder(2 * size), 2 * size - 1 - texel.remainder(2 * size)),
        _ => texel.clamp(0, size - 1),
    };

    // (W, H), to scale coordinates with, [1, 2].
    private static Tensor Size(Tensor texels, Tensor like) =>
        tensor(new float[] { texels.shape[1], texels.shape[0] }, [1, 2], device: like.device).to_type(like.dtype);
}
