using System.Text.Json;

namespace Realiz3D.Mesh.Formats;

/// <summary>The embedded images of a GLB, each decoded once to make sure that it is one.</summary>
/// <remarks>Many materials may share a large image, so images are kept by index, and their pixels are counted together.</remarks>
internal sealed class GlbTextures(GlbDocument document, string file, GlbLimits limits, SortedSet<string> unread)
{
    private readonly Dictionary<int, byte[]> _images = [];
    private long _pixels;

    /// <summary>The image that a texture reference such as "baseColorTexture" names, as PNG; null without.</summary>
    public byte[]? Image(JsonElement parent, string name) =>
        ImageIndex(parent, name) is { } index ? _images.TryGetValue(index, out var known) ? known : _images[index] = Load(index, name) : null;

    /// <summary>Index of that image.</summary>
    public int? ImageIndex(JsonElement parent, string name)
    {
        if (!parent.TryGetProperty(name, out var reference))
        {
            return null;
        }

        if (GlbDocument.Number(reference, "texCoord", 0) != 0)
        {
            unread.Add($"{name} with a texCoord other than 0");
        }

        var texture = document.Item("textures", reference.GetProperty("index").GetInt32());
        return texture.GetProperty("source").GetInt32();
    }

    private byte[] Load(int index, string name)
    {
        if (!document.Item("images", index).TryGetProperty("bufferView", out var view))
        {
            throw new MalformedFileException(file, $"the image of {name} is not embedded.");
        }

        var bytes = document.View(view.GetInt32());
        var image = ImageFile.Read(bytes.Span, $"{file}, {name}", limits.Images);
        _pixels += (long)image.Width * image.Height;
        if (_pixels > limits.MaxTexels)
        {
            throw new MalformedFileException(file, $"its images have more than {limits.MaxTexels} pixels together.");
        }

        return Png.IsPng(bytes.Span) ? bytes.ToArray() : Png.Write(image.Bytes, image.Width, image.Height, image.Channels);
    }
}
