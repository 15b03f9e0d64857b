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
    private readonly SortedSet<string> _unread = new(StringComparer.Ordinal);
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

        var used = Extensions("extensionsUsed");
        if (Extensions("extensionsRequired").Except(GlbExtensions.Known).FirstOrDefault() is { } required)
        {
            throw new MalformedFileException(_file, $"it requires the extension {required}, which is not read.");
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
        _unread.UnionWith(used.Except(GlbExtensions.Known));
        var reader = new GlbMaterialReader(new GlbTextures(_document, _file, _limits, _unread), _file);
        GlbMaterial[] materials = _document.Root.TryGetProperty("materials", out var all)
            ? [.. all.EnumerateArray().Select(reader.Read)]
            : [];
        return new GlbScene(_parts, materials, Extras()) { Unread = [.. _unread] };
    }

    private string[] Extensions(string list) => _document.Root.TryGetProperty(list, out var names)
        ? [.. names.EnumerateArray().Select(name => name.GetString() ?? "")]
        : [];

    private void Append(JsonElement primitive, Matrix4x4 world)
    {
        var attributes = primitive.GetProperty("attributes");
        var positions = Attribute(attributes, "POSITION", 3)
            ?? throw new MalformedFileException(_file, "a primitive has no POSITION.");
        var count = positions.Length / 3;
        var indices = primitive.TryGetProperty("indices", out var accessor)
            ? Accessor(accessor.GetInt32(), 3 * _limits.MaxFaces).Indices(count)
            : [.. Enumerable.Range(0, count)];
        indices = Triangles(indices, GlbDocument.Number(primitive, "mode", 4));
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

        float[]? OfEvery(string name, int width) => Attribute(attributes, name, width) switch
        {
            { } values when values.Length != count * width =>
                throw new MalformedFileException(_file, $"{name} has {values.Length / width} elements for {count} vertices."),
            var values => values,
        };
        var mesh = new TriangleMesh(positions, indices, OfEvery("TEXCOORD_0", 2), OfEvery("NORMAL", 3));
        if (mesh is { Uvs: not null, Normals: not null }) // without them tangents mean nothing (section 3.7.2.1)
        {
            mesh = mesh with { Tangents = OfEvery("TANGENT", 4) };
        }

        var part = new GlbPart(mesh, world, material);
        if (part.InWorld().Fault() is { } fault)
        {
            throw new MalformedFileException(_file, $"placed by its node, {fault}");
        }

        _parts.Add(part);
    }

    /// <summary>Strips and fans taken apart into triangles of the same winding (section 3.7.2.1).</summary>
    private int[] Triangles(int[] indices, long mode) => mode switch
    {
        4 => indices,
        5 => [.. Enumerable.Range(0, Math.Max(indices.Length - 2, 0))
            .SelectMany(i => new[] { indices[i], indices[i + 1 + (i % 2)], indices[i + 2 - (i % 2)] })],
        6 => [.. Enumerable.Range(1, Math.Max(indices.Length - 2, 0)).SelectMany(i => new[] { indices[0], indices[i], indices[i + 1] })],
        _ => throw new MalformedFileException(_file, "only triangles (modes 4, 5 and 6) are read."),
    };

    private float[]? Attribute(JsonElement attributes, string name, int width) =>
        attributes.TryGetProperty(name, out var accessor)
            ? Accessor(accessor.GetInt32(), _limits.MaxVertices).Floats(width, name)
            : null;

    private GlbAccessor Accessor(int index, int maxCount) => new(_document, _file, index, maxCount);

    private JsonObject? Extras() =>
        _document.Root.GetProperty("asset").TryGetProperty("extras", out var extras)
        && extras.ValueKind == JsonValueKind.Object
            ? JsonObject.Create(extras.Clone())
            : null;
}
