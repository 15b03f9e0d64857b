using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Realiz3D.Mesh.Formats;

/// <summary>Reads one GLB.</summary>
/// <remarks>1. chunks and JSON  2. what it demands  3. walk the nodes  4. take their primitives  5. materials, extras.</remarks>
internal sealed class GlbReader
{
    private readonly GlbDocument _document;
    private readonly string _file;
    private readonly GlbLimits _limits;
    private readonly List<GlbPart> _parts = [];
    private readonly Dictionary<int, byte[]> _images = []; // by index: many materials may share a large one
    private int _vertexCount;
    private int _faceCount;

    private GlbReader(GlbDocument document, string file, GlbLimits limits) =>
        (_document, _file, _limits) = (document, file, limits);

    public static GlbScene Read(ReadOnlyMemory<byte> bytes, string file, GlbLimits limits)
    {
        try
        {
            // 1. chunks and JSON
            using var document = GlbDocument.Open(bytes, file, limits);
            return new GlbReader(document, file, limits).Read();
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or FormatException
            or KeyNotFoundException or OverflowException)
        {
            throw new MalformedFileException(file, $"the glTF JSON is broken: {broken.Message}", broken);
        }
    }

    private GlbScene Read()
    {
        // 2. what it demands
        if (_document.Root.GetProperty("asset").GetProperty("version").GetString() is not "2.0")
        {
            throw new MalformedFileException(_file, "asset.version is not 2.0.");
        }

        if (_document.Root.TryGetProperty("extensionsRequired", out var required) && required.GetArrayLength() > 0)
        {
            throw new MalformedFileException(_file, $"it requires the extension {required[0]}, which is not read.");
        }

        // 3. and 4.
        foreach (var (mesh, world) in GlbNodes.Walk(_document, _file, _limits))
        {
            foreach (var primitive in _document.Item("meshes", mesh).GetProperty("primitives").EnumerateArray())
            {
                Append(primitive, world);
            }
        }

        if (_faceCount == 0)
        {
            throw new MalformedFileException(_file, "it holds no triangle.");
        }

        // 5. materials, extras
        GlbMaterial[] materials = _document.Root.TryGetProperty("materials", out var all)
            ? [.. Enumerable.Range(0, all.GetArrayLength()).Select(Material)]
            : [];
        return new GlbScene(_parts, materials, Extras());
    }

    private void Append(JsonElement primitive, Matrix4x4 world)
    {
        if (GlbDocument.Number(primitive, "mode", 4) != 4)
        {
            throw new MalformedFileException(_file, "only triangle lists (mode 4) are read.");
        }

        var attributes = primitive.GetProperty("attributes");
        var positions = Attribute(attributes, "POSITION", 3)
            ?? throw new MalformedFileException(_file, "a primitive has no POSITION.");
        var count = positions.Length / 3;
        var indices = primitive.TryGetProperty("indices", out var accessor)
            ? Accessor(accessor.GetInt32(), 3 * _limits.MaxFaces).Indices(count)
            : [.. Enumerable.Range(0, count)];
        (_vertexCount, _faceCount) = (_vertexCount + count, _faceCount + (indices.Length / 3));
        if (_vertexCount > _limits.MaxVertices || _faceCount > _limits.MaxFaces || indices.Length % 3 != 0)
        {
            throw new MalformedFileException(
                _file, $"{_vertexCount} vertices and {indices.Length} indices for {_faceCount} triangles; whole triangles, at most "
                + $"{_limits.MaxVertices} vertices and {_limits.MaxFaces} triangles are read.");
        }

        int? material = primitive.TryGetProperty("material", out var named) ? named.GetInt32() : null;
        if (material is { } index)
        {
            _ = _document.Item("materials", index);
        }

        var mesh = new TriangleMesh(
            positions, indices, OfEvery(count, Attribute(attributes, "TEXCOORD_0", 2), 2), OfEvery(count, Attribute(attributes, "NORMAL", 3), 3));
        var part = new GlbPart(mesh, world, material);
        if (part.InWorld().Fault() is { } fault)
        {
            throw new MalformedFileException(_file, $"placed by its node, {fault}");
        }

        _parts.Add(part);
    }

    private float[]? OfEvery(int count, float[]? values, int width) => values is null || values.Length == count * width
        ? values
        : throw new MalformedFileException(_file, $"an attribute has {values.Length / width} elements for {count} vertices.");

    private float[]? Attribute(JsonElement attributes, string name, int width) =>
        attributes.TryGetProperty(name, out var accessor)
            ? Accessor(accessor.GetInt32(), _limits.MaxVertices).Floats(width, name)
            : null;

    private GlbAccessor Accessor(int index, int maxCount) => new(_document, _file, index, maxCount);

    private GlbMaterial Material(int index)
    {
        if (!_document.Item("materials", index).TryGetProperty("pbrMetallicRoughness", out var look))
        {
            return new GlbMaterial();
        }

        return new GlbMaterial(
            Texture(look, "baseColorTexture"),
            Texture(look, "metallicRoughnessTexture"),
            look.TryGetProperty("metallicFactor", out var metallic) ? metallic.GetSingle() : 1,
            look.TryGetProperty("roughnessFactor", out var roughness) ? roughness.GetSingle() : 1);
    }

    private byte[]? Texture(JsonElement look, string name)
    {
        if (!look.TryGetProperty(name, out var reference))
        {
            return null;
        }

        var texture = _document.Item("textures", reference.GetProperty("index").GetInt32());
        var index = texture.GetProperty("source").GetInt32();
        if (_images.TryGetValue(index, out var known))
        {
            return known;
        }

        if (!_document.Item("images", index).TryGetProperty("bufferView", out var view))
        {
            throw new MalformedFileException(_file, $"the image of {name} is not embedded.");
        }

        var bytes = _document.View(view.GetInt32()).ToArray();
        _ = Png.Read(bytes, $"{_file}, {name}"); // refuses what is no PNG, or too large, at the door
        return _images[index] = bytes;
    }

    private JsonObject? Extras() =>
        _document.Root.GetProperty("asset").TryGetProperty("extras", out var extras)
        && extras.ValueKind == JsonValueKind.Object
            ? JsonObject.Create(extras.Clone())
            : null;
}
