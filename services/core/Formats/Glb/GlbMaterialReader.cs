using System.Numerics;
using System.Text.Json;

namespace Realiz3D.Mesh.Formats;

/// <summary>Reads a material's JSON.</summary>
internal sealed class GlbMaterialReader(GlbTextures textures, string file)
{
    private static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement;

    public GlbMaterial Read(JsonElement json)
    {
        var look = json.Maybe("pbrMetallicRoughness") ?? Nothing;
        var occlusion = textures.ImageIndex(json, "occlusionTexture");
        var orm = textures.ImageIndex(look, "metallicRoughnessTexture");
        var shared = occlusion is not null && occlusion == orm;
        var extensions = json.Maybe("extensions") ?? Nothing;
        var (passing, coat) = (extensions.Maybe(GlbExtensions.Transmission), extensions.Maybe(GlbExtensions.Clearcoat));
        var color = look.Floats("baseColorFactor", 4) ?? [1, 1, 1, 1];
        var glow = json.Floats("emissiveFactor", 3) ?? [0, 0, 0];
        return new GlbMaterial(
            textures.Image(look, "baseColorTexture"),
            textures.Image(look, "metallicRoughnessTexture"),
            Number(look, "metallicFactor", 1),
            Number(look, "roughnessFactor", 1))
        {
            BaseColorFactor = new Vector4(color),
            OrmHasOcclusion = shared || orm is null,
            OcclusionPng = shared ? null : textures.Image(json, "occlusionTexture"),
            OcclusionStrength = Number(json.Maybe("occlusionTexture") ?? Nothing, "strength", 1),
            NormalPng = textures.Image(json, "normalTexture"),
            NormalScale = Number(json.Maybe("normalTexture") ?? Nothing, "scale", 1),
            EmissivePng = textures.Image(json, "emissiveTexture"),
            EmissiveFactor = new Vector3(glow),
            EmissiveStrength = Number(extensions.Maybe(GlbExtensions.EmissiveStrength) ?? Nothing, "emissiveStrength", 1),
            AlphaMode = AlphaMode(json),
            AlphaCutoff = Number(json, "alphaCutoff", 0.5f),
            DoubleSided = json.Flag("doubleSided"),
            Ior = Number(extensions.Maybe(GlbExtensions.Ior) ?? Nothing, "ior", 1.5f),
            Transmission = passing is { } through
                ? new GlbTransmission(Number(through, "transmissionFactor", 0), textures.Image(through, "transmissionTexture"))
                : null,
            Clearcoat = coat is { } layer
                ? new GlbClearcoat(
                    Number(layer, "clearcoatFactor", 0),
                    Number(layer, "clearcoatRoughnessFactor", 0),
                    textures.Image(layer, "clearcoatTexture"),
                    textures.Image(layer, "clearcoatRoughnessTexture"),
                    textures.Image(layer, "clearcoatNormalTexture"))
                : null,
            Samplers = new GlbSamplers
            {
                BaseColor = textures.Sampler(look, "baseColorTexture"),
                Orm = textures.Sampler(look, "metallicRoughnessTexture"),
                Occlusion = textures.Sampler(json, "occlusionTexture"),
                Normal = textures.Sampler(json, "normalTexture"),
                Emissive = textures.Sampler(json, "emissiveTexture"),
                Transmission = textures.Sampler(passing ?? Nothing, "transmissionTexture"),
                Clearcoat = textures.Sampler(coat ?? Nothing, "clearcoatTexture"),
                ClearcoatRoughness = textures.Sampler(coat ?? Nothing, "clearcoatRoughnessTexture"),
                ClearcoatNormal = textures.Sampler(coat ?? Nothing, "clearcoatNormalTexture"),
            },
            Unlit = extensions.Maybe(GlbExtensions.Unlit) is not null,
        };
    }

    private GlbAlphaMode AlphaMode(JsonElement json) => json.Maybe("alphaMode") is null
        ? GlbAlphaMode.Opaque
        : json.Text("alphaMode") switch
        {
            "OPAQUE" => GlbAlphaMode.Opaque,
            "MASK" => GlbAlphaMode.Mask,
            "BLEND" => GlbAlphaMode.Blend,
            var other => throw new MalformedFileException(file, $"alphaMode is {other}; OPAQUE, MASK or BLEND is expected."),
        };

    private static float Number(JsonElement parent, string name, float missing) => parent.Floats(name, 1)?[0] ?? missing;
}
