using System.Numerics;
using System.Text.Json;

namespace Realiz3D.Mesh.Formats;

/// <summary>Reads a material's JSON.</summary>
internal sealed class GlbMaterialReader(GlbTextures textures, string file)
{
    private static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement;

    public GlbMaterial Read(JsonElement json)
    {
        var look = Part(json, "pbrMetallicRoughness") ?? Nothing;
        var occlusion = textures.ImageIndex(json, "occlusionTexture");
        var orm = textures.ImageIndex(look, "metallicRoughnessTexture");
        var shared = occlusion is not null && occlusion == orm;
        var extensions = Part(json, "extensions") ?? Nothing;
        var color = Numbers(look, "baseColorFactor", [1, 1, 1, 1]);
        var glow = Numbers(json, "emissiveFactor", [0, 0, 0]);
        return new GlbMaterial(
            textures.Image(look, "baseColorTexture"),
            textures.Image(look, "metallicRoughnessTexture"),
            Number(look, "metallicFactor", 1),
            Number(look, "roughnessFactor", 1))
        {
            BaseColorFactor = new Vector4(color),
            OrmHasOcclusion = shared || orm is null,
            OcclusionPng = shared ? null : textures.Image(json, "occlusionTexture"),
            OcclusionStrength = Number(Part(json, "occlusionTexture") ?? Nothing, "strength", 1),
            NormalPng = textures.Image(json, "normalTexture"),
            NormalScale = Number(Part(json, "normalTexture") ?? Nothing, "scale", 1),
            EmissivePng = textures.Image(json, "emissiveTexture"),
            EmissiveFactor = new Vector3(glow),
            EmissiveStrength = Number(Part(extensions, GlbExtensions.EmissiveStrength) ?? Nothing, "emissiveStrength", 1),
            AlphaMode = AlphaMode(json),
            AlphaCutoff = Number(json, "alphaCutoff", 0.5f),
            DoubleSided = json.TryGetProperty("doubleSided", out var sides) && sides.GetBoolean(),
            Ior = Number(Part(extensions, GlbExtensions.Ior) ?? Nothing, "ior", 1.5f),
            Transmission = Part(extensions, GlbExtensions.Transmission) is { } passing
                ? new GlbTransmission(Number(passing, "transmissionFactor", 0), textures.Image(passing, "transmissionTexture"))
                : null,
            Clearcoat = Part(extensions, GlbExtensions.Clearcoat) is { } coat
                ? new GlbClearcoat(
                    Number(coat, "clearcoatFactor", 0),
                    Number(coat, "clearcoatRoughnessFactor", 0),
                    textures.Image(coat, "clearcoatTexture"),
                    textures.Image(coat, "clearcoatRoughnessTexture"),
                    textures.Image(coat, "clearcoatNormalTexture"))
                : null,
            Unlit = extensions.TryGetProperty(GlbExtensions.Unlit, out _),
        };
    }

    private GlbAlphaMode AlphaMode(JsonElement json) => !json.TryGetProperty("alphaMode", out var mode)
        ? GlbAlphaMode.Opaque
        : mode.GetString() switch
        {
            "OPAQUE" => GlbAlphaMode.Opaque,
            "MASK" => GlbAlphaMode.Mask,
            "BLEND" => GlbAlphaMode.Blend,
            var other => throw new MalformedFileException(file, $"alphaMode is {other}; OPAQUE, MASK or BLEND is expected."),
        };

    private float Number(JsonElement parent, string name, float missing) => Numbers(parent, name, [missing])[0];

    private float[] Numbers(JsonElement parent, string name, float[] missing)
    {
        if (!parent.TryGetProperty(name, out var json))
        {
            return missing;
        }

        float[] numbers = json.ValueKind == JsonValueKind.Array
            ? [.. json.EnumerateArray().Select(number => number.GetSingle())]
            : [json.GetSingle()];
        return numbers.Length == missing.Length && Array.TrueForAll(numbers, float.IsFinite)
            ? numbers
            : throw new MalformedFileException(file, $"{name} must be {missing.Length} finite numbers.");
    }

    private static JsonElement? Part(JsonElement parent, string name) => parent.TryGetProperty(name, out var part) ? part : null;
}
