using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>What a picture of controls shows.</summary>
public enum ControlPictureKind
{
    /// <summary>RGB = (n + 1) / 2; 0.5 off the object.</summary>
    Normals,

    /// <summary>RGB = (p + 1) / 2 of the canonical position; 0.5 off the object.</summary>
    Positions,

    /// <summary>RGBA: 0 nearest to 1 farthest, linear in depth; transparent off the object. What Zero123++'s depth ControlNet takes.</summary>
    Depth,

    /// <summary>Gray: 1 nearest to 0 farthest, linear in 1 / depth; 0 off the object. What most depth ControlNets take.</summary>
    InverseDepth,

    /// <summary>Gray: 1 on the object.</summary>
    Mask,
}

/// <summary>Draws controls as pictures for ControlNets and people.</summary>
/// <remarks>
/// Views lie row-major: view k in row k / columns and column k % columns, which with two columns is Zero123++'s grid (arXiv:2310.15110, section 2.2).
/// Depth as in SUDO-AI-3D/zero123plus, issue 40: (d - min) / (max - min + 1e-9), alpha the mask.
/// </remarks>
public static class ControlPicture
{
    private static readonly byte s_middle = ToByte(0.5);

    /// <summary>Draws one kind for all views.</summary>
    /// <param name="set">The controls.</param>
    /// <param name="kind">What to show.</param>
    /// <param name="columns">Views in a row.</param>
    /// <returns>The picture, of whole rows; places without a view show what is off the object.</returns>
    public static PixelImage Sheet(ControlSet set, ControlPictureKind kind, int columns)
    {
        var tiles = Enumerable.Range(0, set.Count).Select(view => Tile(set, kind, view)).ToArray();
        var (channels, size, rows) = (tiles[0].Channels, set.Size, (set.Count + columns - 1) / columns);
        var bytes = new byte[channels * size * size * columns * rows];
        Array.Fill(bytes, Background(kind));
        for (var view = 0; view < tiles.Length; view++)
        {
            for (var row = 0; row < size; row++)
            {
                var at = ((((view / columns * size) + row) * columns) + (view % columns)) * size * channels;
                tiles[view].Bytes.AsSpan(row * size * channels, size * channels).CopyTo(bytes.AsSpan(at));
            }
        }

        return new PixelImage(columns * size, rows * size, channels, bytes);
    }

    /// <summary>Draws one kind for one view.</summary>
    /// <param name="set">The controls.</param>
    /// <param name="kind">What to show.</param>
    /// <param name="view">0 to V-1.</param>
    /// <returns>The picture.</returns>
    public static PixelImage Tile(ControlSet set, ControlPictureKind kind, int view)
    {
        var plane = set.Size * set.Size;
        var channels = kind switch { ControlPictureKind.Depth => 4, ControlPictureKind.InverseDepth or ControlPictureKind.Mask => 1, _ => 3 };
        var bytes = new byte[channels * plane];
        Array.Fill(bytes, Background(kind));
        var (near, far) = kind == ControlPictureKind.Depth ? RangeOf(set, view) : default;
        for (var pixel = 0; pixel < plane; pixel++)
        {
            var at = (view * plane) + pixel;
            if (set.Mask[at] == 0)
            {
                continue;
            }

            var target = bytes.AsSpan(channels * pixel, channels);
            switch (kind)
            {
                case ControlPictureKind.Depth:
                    target[..3].Fill(ToByte((set.Depth[at] - near) / (far - near + 1e-9)));
                    target[3] = byte.MaxValue;
                    break;
                case ControlPictureKind.InverseDepth:
                    target[0] = ToByte(set.InverseDepth[at]);
                    break;
                case ControlPictureKind.Mask:
                    target[0] = byte.MaxValue;
                    break;
                default:
                    var values = kind == ControlPictureKind.Normals ? set.Normals : set.Positions;
                    for (var c = 0; c < 3; c++)
                    {
                        target[c] = ToByte((values[(((3 * view) + c) * plane) + pixel] + 1) / 2);
                    }

                    break;
            }
        }

        return new PixelImage(set.Size, set.Size, channels, bytes);
    }

    private static (double Near, double Far) RangeOf(ControlSet set, int view)
    {
        var first = view * set.Size * set.Size;
        var (_, near, far) = DepthRanges.Of(set).FirstOrDefault(range => range.Pixels.Start.Value <= first && first < range.Pixels.End.Value);
        return (near, far);
    }

    private static byte Background(ControlPictureKind kind) =>
        kind is ControlPictureKind.Normals or ControlPictureKind.Positions ? s_middle : (byte)0;

    private static byte ToByte(double value) => (byte)Math.Round(255 * Math.Clamp(value, 0, 1), MidpointRounding.AwayFromZero);
}
