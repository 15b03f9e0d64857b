using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Realiz3D.Mesh.Formats;

/// <summary>Reads one GLB.</summary>
/// <remarks>1. chunks and JSON  2. what it demands  3. walk the nodes  4. take their primitives  5. materials, extras.</remarks>
internal sealed class GlbReader
{
    private static readonly string[] s_attributes = ["POSITION", "NORMAL", "TANGENT", "TEXCOORD_0"];
    private static readonly string[] s_others = ["animations", "cameras", "skins"];

    private readonly GlbDocument _document;
    private readonly string _file;
    private readonly GlbLimits _limits;
    private readonly List<GlbPart> _parts = [];
    private readonly SortedSet<string> _unread = new(StringComparer.Ordinal);
    private int _placedCount;
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
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new MalformedFileException(file, $"the glTF JSON is broken: {broken.Message.TrimEnd('.')}.", broken);
        }
    }

    private GlbScene Read()
    {
        // 2. what it demands
        var asset = _document.Root.Need("asset");
        if (!asset.Text("version").StartsWith("2.", StringComparison.Ordinal) || (asset.Maybe("minVersion") is not null && asset.Text("minVersion") != "2.0"))
        {
            throw new MalformedFileException(_file, "it is not glTF 2.0: asset.version or asset.minVersion says otherwise.");
        }

        var used = _document.Root.Texts("extensionsUsed");
        if (_document.Root.Texts("extensionsRequired").Except(GlbExtensions.Known).FirstOrDefault() is { } required)
        {
            throw new MalformedFileException(_file, $"it requires the extension {required}, which is not read.");
        }

        // 3. and 4.
        foreach (var (mesh, world) in GlbNodes.Walk(_document, _file, _limits))
        {
            foreach (var primitive in _document.Item("meshes", mesh).List("primitives"))
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
        var materials = Array.ConvertAll(_document.List("materials"), reader.Read);
        _unread.UnionWith(s_others.Where(other => _document.List(other).Length > 0).Select(other => $"\"{other}\""));
        return new GlbScene(_parts, materials, Extras()) { Unread = [.. _unread] };
    }

    private void Append(JsonElement primitive, Matrix4x4 world)
    {
        if (++_placedCount > _limits.MaxNodes)
        {
            throw new MalformedFileException(_file, $"its nodes place more than {_limits.MaxNodes} primitives.");
        }

        var attributes = primitive.Need("attributes");
        var mode = primitive.Whole("mode", 4);
        if (mode is >= 0 and <= 3)
        {
            _unread.Add("what is made of points or lines");
            return;
        }

        var positions = Attribute(attributes, "POSITION", 3)
            ?? throw new MalformedFileException(_file, "a primitive has no POSITION.");
        var count = positions.Length / 3;
        var indices = primitive.Maybe("indices") is not null
            ? Accessor(primitive.Index("indices"), 3 * _limits.MaxFaces).Indices(count)
            : [.. Enumerable.Range(0, count)];
        var faces = mode == 4 ? indices.Length / 3 : Math.Max(indices.Length - 2, 0);
        (_vertexCount, _faceCount) = (_vertexCount + count, _faceCount + faces);
        if (_vertexCount > _limits.MaxVertices || _faceCount > _limits.MaxFaces || (mode == 4 && indices.Length % 3 != 0))
        {
            throw new MalformedFileException(
                _file, $"{_vertexCount} vertices and {indices.Length} indices for {_faceCount} triangles; whole triangles, at most "
                + $"{_limits.MaxVertices} vertices and {_limits.MaxFaces} triangles are read.");
        }

        indices = Triangles(indices, mode);
        int? material = primitive.Maybe("material") is not null ? primitive.Index("material") : null;
        if (material is { } index)
        {
            _ = _document.Item("materials", index);
        }

        _unread.UnionWith(attributes.EnumerateObject().Select(member => member.Name).Except(s_attributes).Select(name => $"the attribute {name}"));
        if (primitive.Maybe("targets") is not null)
        {
            _unread.Add("what morph targets move");
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
        attributes.Maybe(name) is null ? null : Accessor(attributes.Index(name), _limits.MaxVertices).Floats(width, name);

    private GlbAccessor Accessor(int index, int maxCount) => new(_document, _file, index, maxCount);

    private JsonObject? Extras() =>
        _document.Root.Need("asset").Maybe("extras") is { ValueKind: JsonValueKind.Object } extras
            ? JsonObject.Create(extras.Clone())
            : null;
}
