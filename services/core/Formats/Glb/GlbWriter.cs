using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Realiz3D.Mesh.Formats;

/// <summary>Writes one GLB: JSON chunk, then BIN chunk. Source: glTF 2.0 specification, section 4.</summary>
internal sealed class GlbWriter
{
    private const int ArrayBuffer = 34962;
    private const int ElementArrayBuffer = 34963;
    private const int UnsignedShort = 5123;
    private const int UnsignedInt = 5125;
    private const int Float = 5126;

    private readonly GlbScene _scene;
    private readonly ArrayBufferWriter<byte> _binary = new();
    private readonly JsonArray _views = [];
    private readonly JsonArray _accessors = [];
    private readonly JsonArray _images = [];
    private readonly JsonArray _textures = [];
    private readonly JsonArray _samplers = [];
    private readonly Dictionary<byte[], int> _knownImages = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<GlbSampler, int> _knownSamplers = [];
    private readonly Dictionary<(int Image, int Sampler), int> _knownTextures = [];
    private readonly SortedSet<string> _extensions = new(StringComparer.Ordinal);

    public GlbWriter(GlbScene scene) => _scene = scene;

    public byte[] Write()
    {
        var (nodes, meshes) = (new JsonArray(), new JsonArray());
        foreach (var part in _scene.Parts)
        {
            var node = new JsonObject { ["mesh"] = meshes.Count };
            if (!part.World.IsIdentity)
            {
                // System.Numerics' rows are glTF's columns.
                node["matrix"] = new JsonArray([.. Enumerable.Range(0, 16).Select(i => (JsonNode)part.World[i / 4, i % 4])]);
            }

            nodes.Add(node);
            meshes.Add(new JsonObject { ["primitives"] = new JsonArray(Primitive(part)) });
        }

        var materials = new GlbMaterialWriter(AddTexture, _extensions);
        var asset = new JsonObject { ["version"] = "2.0", ["generator"] = "Realiz3D Mesh" };
        var root = new JsonObject
        {
            ["asset"] = asset,
            ["scene"] = 0,
            ["scenes"] = new JsonArray(new JsonObject { ["nodes"] = new JsonArray([.. Enumerable.Range(0, nodes.Count).Select(i => (JsonNode)i)]) }),
            ["nodes"] = nodes,
            ["meshes"] = meshes,
            ["accessors"] = _accessors,
        };
        if (_scene.Materials.Count > 0)
        {
            root["materials"] = new JsonArray([.. _scene.Materials.Select(materials.Write)]);
        }

        if (_scene.Extras is { Count: > 0 } extras)
        {
            asset["extras"] = extras.DeepClone();
            asset["extensions"] = new JsonObject { [GlbExtensions.Xmp] = new JsonObject { ["packet"] = 0 } };
            root["extensions"] = new JsonObject { [GlbExtensions.Xmp] = new JsonObject { ["packets"] = new JsonArray(XmpPacket.Of(extras)) } };
            _extensions.Add(GlbExtensions.Xmp);
        }

        if (_extensions.Count > 0)
        {
            root["extensionsUsed"] = new JsonArray([.. _extensions.Select(name => (JsonNode)name)]);
        }

        if (_textures.Count > 0)
        {
            root["textures"] = _textures;
            root["images"] = _images;
            root["samplers"] = _samplers;
        }

        root["bufferViews"] = _views;
        root["buffers"] = new JsonArray(new JsonObject { ["byteLength"] = _binary.WrittenCount });
        return Container(System.Text.Encoding.UTF8.GetBytes(root.ToJsonString()), _binary.WrittenSpan);
    }

    private JsonObject Primitive(GlbPart part)
    {
        var mesh = part.Mesh;
        if (mesh.Fault() is { } fault)
        {
            throw new ArgumentException($"The mesh cannot be written: {fault}");
        }

        var attributes = new JsonObject { ["POSITION"] = AddPositions(mesh) };
        if (mesh.Normals is not null)
        {
            attributes["NORMAL"] = AddFloats(mesh.Normals, "VEC3", 3);
        }

        if (mesh.Tangents is not null)
        {
            attributes["TANGENT"] = AddFloats(mesh.Tangents, "VEC4", 4);
        }

        if (mesh.Uvs is not null)
        {
            attributes["TEXCOORD_0"] = AddFloats(mesh.Uvs, "VEC2", 2);
        }

        var primitive = new JsonObject { ["attributes"] = attributes, ["indices"] = AddIndices(mesh) };
        if (part.Material is { } material)
        {
            primitive["material"] = material;
        }

        return primitive;
    }

    private int AddPositions(TriangleMesh mesh)
    {
        var accessor = AddFloats(mesh.Positions, "VEC3", 3);
        float[] low = [float.MaxValue, float.MaxValue, float.MaxValue];
        float[] high = [float.MinValue, float.MinValue, float.MinValue];
        for (var i = 0; i < mesh.Positions.Length; i++)
        {
            low[i % 3] = Math.Min(low[i % 3], mesh.Positions[i]);
            high[i % 3] = Math.Max(high[i % 3], mesh.Positions[i]);
        }

        _accessors[accessor]!["min"] = new JsonArray(low[0], low[1], low[2]);
        _accessors[accessor]!["max"] = new JsonArray(high[0], high[1], high[2]);
        return accessor;
    }

    private int AddFloats(float[] values, string type, int width) =>
        AddAccessor(MemoryMarshal.AsBytes<float>(values), Float, type, values.Length / width, ArrayBuffer);

    private int AddIndices(TriangleMesh mesh)
    {
        // 65535 is the primitive restart value and no index.
        return mesh.VertexCount <= 65535
            ? AddAccessor(
                MemoryMarshal.AsBytes<ushort>(Array.ConvertAll(mesh.Indices, index => (ushort)index)),
                UnsignedShort, "SCALAR", mesh.Indices.Length, ElementArrayBuffer)
            : AddAccessor(
                MemoryMarshal.AsBytes<int>(mesh.Indices),
                UnsignedInt, "SCALAR", mesh.Indices.Length, ElementArrayBuffer);
    }

    private int AddAccessor(ReadOnlySpan<byte> bytes, int componentType, string type, int count, int target)
    {
        _accessors.Add(new JsonObject
        {
            ["bufferView"] = AddView(bytes, target),
            ["componentType"] = componentType,
            ["count"] = count,
            ["type"] = type,
        });
        return _accessors.Count - 1;
    }

    private int AddTexture(byte[] png, GlbSampler sampler)
    {
        if (!_knownImages.TryGetValue(png, out var image))
        {
            _images.Add(new JsonObject { ["bufferView"] = AddView(png, target: null), ["mimeType"] = "image/png" });
            _knownImages[png] = image = _images.Count - 1;
        }

        var key = (image, AddSampler(sampler));
        if (!_knownTextures.TryGetValue(key, out var texture))
        {
            _textures.Add(new JsonObject { ["sampler"] = key.Item2, ["source"] = image });
            _knownTextures[key] = texture = _textures.Count - 1;
        }

        return texture;
    }

    private int AddSampler(GlbSampler sampler)
    {
        if (_knownSamplers.TryGetValue(sampler, out var known))
        {
            return known;
        }

        var json = new JsonObject();
        if (sampler.MagFilter is { } near)
        {
            json["magFilter"] = (int)near;
        }

        if (sampler.MinFilter is { } far)
        {
            json["minFilter"] = (int)far;
        }

        (json["wrapS"], json["wrapT"]) = ((int)sampler.WrapS, (int)sampler.WrapT);
        _samplers.Add(json);
        return _knownSamplers[sampler] = _samplers.Count - 1;
    }

    private int AddView(ReadOnlySpan<byte> bytes, int? target)
    {
        _binary.Write(new byte[(4 - (_binary.WrittenCount % 4)) % 4]);

        var view = new JsonObject { ["buffer"] = 0, ["byteOffset"] = _binary.WrittenCount, ["byteLength"] = bytes.Length };
        if (target is not null)
        {
            view["target"] = target;
        }

        _binary.Write(bytes);
        _views.Add(view);
        return _views.Count - 1;
    }

    private static byte[] Container(ReadOnlySpan<byte> json, ReadOnlySpan<byte> binary)
    {
        var (jsonLength, binaryLength) = ((json.Length + 3) / 4 * 4, (binary.Length + 3) / 4 * 4);
        var file = new byte[12 + 8 + jsonLength + 8 + binaryLength];
        file.AsSpan(20, jsonLength).Fill((byte)' ');
        uint[] header = [Glb.Magic, 2, (uint)file.Length, (uint)jsonLength, Glb.JsonChunk];
        for (var i = 0; i < header.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4 * i), header[i]);
        }

        json.CopyTo(file.AsSpan(20));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(20 + jsonLength), (uint)binaryLength);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(24 + jsonLength), Glb.BinaryChunk);
        binary.CopyTo(file.AsSpan(28 + jsonLength));
        return file;
    }
}
