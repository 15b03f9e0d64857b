using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Realiz3D.Mesh.Formats;

/// <summary>Reads one GLB.</summary>
/// <remarks>1. chunks and JSON  2. what it demands  3. walk the nodes  4. join their primitives  5. material, extras.</remarks>
internal sealed class GlbReader
{
    private readonly GlbDocument _document;
    private readonly string _file;
    private readonly GlbLimits _limits;
    private readonly List<float> _positions = [];
    private readonly List<float> _normals = [];
    private readonly List<float> _uvs = [];
    private readonly List<int> _indices = [];
    private int? _material;

    private GlbReader(GlbDocument document, string file, GlbLimits limits) =>
        (_document, _file, _limits) = (document, file, limits);

    public static GlbAsset Read(ReadOnlyMemory<byte> bytes, string file, GlbLimits limits)
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

    private GlbAsset Read()
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

        if (_indices.Count == 0)
        {
            throw new MalformedFileException(_file, "it holds no triangle.");
        }

        // 5. material, extras
        var joined = new TriangleMesh(
            [.. _positions],
            [.. _indices],
            _uvs.Count / 2 == _positions.Count / 3 ? [.. _uvs] : null,
            _normals.Count == _positions.Count ? [.. _normals] : null);
        return new GlbAsset(joined, _material is { } index ? Material(index) : new GlbMaterial(), Extras());
    }

    private void Append(JsonElement primitive, Matrix4x4 world)
    {
        if (GlbDocument.Number(primitive, "mode", 4) != 4)
        {
            throw new MalformedFileException(_file, "only triangle lists (mode 4) are read.");
        }

        var attributes = primitive.GetProperty("attributes");
        var start = _positions.Count / 3;
        var positions = Attribute(attributes, "POSITION", 3)
            ?? throw new MalformedFileException(_file, "a primitive has no POSITION.");
        var count = positions.Length / 3;
        var indices = primitive.TryGetProperty("indices", out var accessor)
            ? Accessor(accessor.GetInt32(), 3 * _limits.MaxFaces).Indices(count)
            : [.. Enumerable.Range(0, count)];
        if (start + count > _limits.MaxVertices || (_indices.Count + indices.Length) / 3 > _limits.MaxFaces
            || indices.Length % 3 != 0)
        {
            throw new MalformedFileException(
                _file, $"{start + count} vertices and {_indices.Count + indices.Length} indices; whole triangles, at most "
                + $"{_limits.MaxVertices} vertices and {_limits.MaxFaces} triangles are read.");
        }

        AppendVectors(_positions, positions, point => Vector3.Transform(point, world));
        if (Attribute(attributes, "NORMAL", 3) is { } normals && Matrix4x4.Invert(world, out var inverse))
        {
            var turn = Matrix4x4.Transpose(inverse);
            AppendVectors(_normals, normals, normal => Vector3.Normalize(Vector3.TransformNormal(normal, turn)));
        }

        _uvs.AddRange(Attribute(attributes, "TEXCOORD_0", 2) ?? []);
        var mirrored = world.GetDeterminant() < 0; // a mirror turns triangles inside out
        for (var i = 0; i < indices.Length; i++)
        {
            _indices.Add(start + indices[mirrored ? i - (i % 3) + (2 - (i % 3)) : i]);
        }

        if (primitive.TryGetProperty("material", out var material))
        {
            _ = _document.Item("materials", material.GetInt32());
            _material ??= material.GetInt32();
        }
    }

    private static void AppendVectors(List<float> target, float[] source, Func<Vector3, Vector3> map)
    {
        for (var i = 0; i < source.Length; i += 3)
        {
            var mapped = map(new Vector3(source[i], source[i + 1], source[i + 2]));
            target.AddRange([mapped.X, mapped.Y, mapped.Z]);
        }
    }

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
        var image = _document.Item("images", texture.GetProperty("source").GetInt32());
        if (!image.TryGetProperty("bufferView", out var view))
        {
            throw new MalformedFileException(_file, $"the image of {name} is not embedded.");
        }

        var bytes = _document.View(view.GetInt32()).ToArray();
        _ = Png.Read(bytes, $"{_file}, {name}"); // refuses what is no PNG, or too large, at the door
        return bytes;
    }

    private JsonObject? Extras() =>
        _document.Root.GetProperty("asset").TryGetProperty("extras", out var extras)
        && extras.ValueKind == JsonValueKind.Object
            ? JsonObject.Create(extras.Clone())
            : null;
}
