using System.Text.Json;

namespace Realiz3D.Mesh.Formats;

/// <summary>The embedded images of a GLB, each decoded once to make sure that it is one.</summary>
/// <remarks>Many materials may share a large image, so images are kept by index, and their pixels are counted together.</remarks>
internal sealed class GlbTextures(GlbDocument document, string file, GlbLimits limits, SortedSet<string> unread)
{
    private static readonly GlbWrap[] s_wraps = Enum.GetValues<GlbWrap>();
    private static readonly GlbFilter[] s_minFilters = Enum.GetValues<GlbFilter>();
    private static readonly GlbFilter[] s_magFilters = [GlbFilter.Nearest, GlbFilter.Linear];

    private readonly Dictionary<int, byte[]> _images = [];
    private readonly Dictionary<ReadOnlyMemory<byte>, byte[]> _decoded = []; // by place in the file: many images may name one
    private long _pixels;
    private long _bytes;

    /// <summary>The image that a texture reference such as "baseColorTexture" names, as PNG; null without.</summary>
    public byte[]? Image(JsonElement parent, string name) =>
        ImageIndex(parent, name) is { } index ? _images.TryGetValue(index, out var known) ? known : _images[index] = Load(index, name) : null;

    /// <summary>Index of that image.</summary>
    public int? ImageIndex(JsonElement parent, string name)
    {
        if (parent.Maybe(name) is not { } reference)
        {
            return null;
        }

        if (reference.Whole("texCoord", 0) != 0)
        {
            unread.Add($"{name} with a texCoord other than 0");
        }

        var texture = document.Item("textures", reference.Index("index"));
        return (texture.Maybe("extensions")?.Maybe(GlbExtensions.TextureWebP) ?? texture).Index("source");
    }

    /// <summary>The sampler that a texture reference leads to.</summary>
    public GlbSampler Sampler(JsonElement parent, string name)
    {
        if (parent.Maybe(name) is not { } reference)
        {
            return GlbSampler.Atlas;
        }

        var texture = document.Item("textures", reference.Index("index"));
        if (texture.Maybe("sampler") is null)
        {
            return new GlbSampler();
        }

        var json = document.Item("samplers", texture.Index("sampler"));
        return new GlbSampler(
            Code(json, "wrapS", s_wraps) ?? GlbWrap.Repeat,
            Code(json, "wrapT", s_wraps) ?? GlbWrap.Repeat,
            Code(json, "magFilter", s_magFilters),
            Code(json, "minFilter", s_minFilters));
    }

    private static TCode? Code<TCode>(JsonElement json, string name, TCode[] known)
        where TCode : struct, Enum
    {
        if (json.Maybe(name) is null)
        {
            return null;
        }

        var code = (TCode)(object)json.Index(name);
        return known.Contains(code)
            ? code
            : throw new JsonException($"\"{name}\" is {code:D}, none of {string.Join(", ", known.Select(value => $"{value:D}"))}");
    }

    private byte[] Load(int index, string name)
    {
        var json = document.Item("images", index);
        var bytes = json.Maybe("bufferView") is null ? document.Buffers.Data(json, $"images[{index}]") : document.View(json.Index("bufferView"));
        if (_decoded.TryGetValue(bytes, out var known))
        {
            return known;
        }

        var image = ImageFile.Read(bytes.Span, $"{file}, {name}", limits.Images);
        (_pixels, _bytes) = (_pixels + ((long)image.Width * image.Height), _bytes + bytes.Length);
        if (_pixels > limits.MaxTexels || _bytes > limits.MaxBytes)
        {
            throw new MalformedFileException(file, $"its images have more than {limits.MaxTexels} pixels or {limits.MaxBytes} bytes together.");
        }

        return _decoded[bytes] = Png.IsPng(bytes.Span) ? bytes.ToArray() : Png.Write(image.Bytes, image.Width, image.Height, image.Channels);
    }
}
