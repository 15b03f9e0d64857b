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
/// Laine et al. 2020, arXiv:2011.03277, section 3.4. The choice of level has no gradient.
/// </remarks>
public sealed class TextureSampler : IDisposable
{
    private readonly List<Tensor> _levels = [];
    private readonly TextureFilter _filter;
    private readonly TextureWrap _wrap;

    /// <summary>Prepares a texture. Its mip levels are made where the filter reads them.</summary>
    /// <param name="texels">[H, W, C]; sides that are no power of two are halved as long as they are even.</param>
    /// <param name="filter">How to read between texels.</param>
    /// <param name="wrap">What lies beyond the border.</param>
    public TextureSampler(Tensor texels, TextureFilter filter, TextureWrap wrap = TextureWrap.Repeat)
    {
        ArgumentNullException.ThrowIfNull(texels);
        (_filter, _wrap) = (filter, wrap);
        _levels.Add(texels.alias().DetachFromDisposeScope());
        while (HasLevels && _levels[^1].shape is [var height, var width, _] && height % 2 == 0 && width % 2 == 0)
        {
            using var scope = NewDisposeScope();
            _levels.Add(_levels[^1].reshape(height / 2, 2, width / 2, 2, -1).mean([1, 3]).DetachFromDisposeScope());
        }
    }

    /// <summary>Number of levels, at least 1.</summary>
    public int LevelCount => _levels.Count;

    private bool HasLevels => _filter is TextureFilter.LinearMipmapNearest or TextureFilter.LinearMipmapLinear;

    /// <summary>Reads the texture.</summary>
    /// <param name="coordinates">(u, v), 0 to 1 over the texture, [N, 2].</param>
    /// <param name="derivatives">
    /// How fast they change per pixel to the right and down, [N, 2, 2], as from <see cref="FragmentDerivatives"/>; only mip levels need it.
    /// </param>
    /// <returns>[N, C].</returns>
    /// <exception cref="ArgumentException">The filter reads mip levels, and there are no derivatives.</exception>
    public Tensor Sample(Tensor coordinates, Tensor? derivatives = null)
    {
        ArgumentNullException.ThrowIfNull(coordinates);
        using var scope = NewDisposeScope();
        if (!HasLevels)
        {
            return Read(_levels[0], coordinates).MoveToOuterDisposeScope();
        }

        var level = LevelOf(derivatives ?? throw new ArgumentException("A mipmapped texture needs the derivatives of its coordinates."));
        level = _filter == TextureFilter.LinearMipmapNearest ? level.round() : level;           // [N, 1]
        // Levels that no sample reads are left out.
        var (first, last) = level.shape[0] == 0 ? (0, 0) : ((int)level.min().ToDouble(), (int)Math.Ceiling(level.max().ToDouble()));
        return Enumerable.Range(first, last - first + 1)
            .Select(i => Read(_levels[i], coordinates) * (1 - (level - i).abs()).clamp_min(0))
            .Aggregate((sum, share) => sum + share).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _levels.ForEach(level => level.Dispose());

    private Tensor LevelOf(Tensor derivatives)
    {
        var size = Size(_levels[0], derivatives);
        var texels = derivatives.detach() * size.unsqueeze(2);                              // [N, (s, t), (X, Y)]
        var (x, y) = (texels.select(2, 0), texels.select(2, 1));
        var (a, b, c) = (x.square().sum(1, keepdim: true), y.square().sum(1, keepdim: true), (x * y).sum(1, keepdim: true));
        var major = (a + b) / 2 + ((a - b).square() / 4 + c.square()).sqrt();
        return (major.clamp_min(1e-20).log2() / 2).clamp(0, _levels.Count - 1);
    }

    private Tensor Read(Tensor texels, Tensor coordinates)
    {
        var at = coordinates * Size(texels, coordinates);                                   // [N, 2], in texels
        if (_filter == TextureFilter.Nearest)
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
        var (insideColumn, insideRow) = _wrap == TextureWrap.Repeat
            ? (column.remainder(width), row.remainder(height))
            : (column.clamp(0, width - 1), row.clamp(0, height - 1));
        var values = texels.reshape(height * width, -1).index_select(0, insideRow * width + insideColumn);
        return _wrap == TextureWrap.Zero
            ? values * (insideColumn == column).logical_and(insideRow == row).to_type(values.dtype).unsqueeze(1)
            : values;
    }

    // (W, H), to scale coordinates with, [1, 2].
    private static Tensor Size(Tensor texels, Tensor like) =>
        tensor(new float[] { texels.shape[1], texels.shape[0] }, [1, 2], device: like.device).to_type(like.dtype);
}

/// <summary>How a texture is read between its texels.</summary>
public enum TextureFilter
{
    /// <summary>The texel that the coordinates lie in.</summary>
    Nearest,

    /// <summary>The four nearest, weighted by distance.</summary>
    Linear,

    /// <summary>The same on the nearest mip level.</summary>
    LinearMipmapNearest,

    /// <summary>The same on two mip levels, weighted by distance.</summary>
    LinearMipmapLinear,
}

/// <summary>What lies beyond a texture's border.</summary>
public enum TextureWrap
{
    /// <summary>The texture again.</summary>
    Repeat,

    /// <summary>Its last texels.</summary>
    Clamp,

    /// <summary>Nothing: 0.</summary>
    Zero,
}
