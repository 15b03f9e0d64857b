using System.Numerics;
using System.Text.Json.Nodes;

namespace Realiz3D.Mesh.Formats;

/// <summary>Writes a material's JSON; what has its default is left out, except for the two factors.</summary>
/// <param name="addTexture">Takes an image and its sampler in and gives the index of their texture.</param>
/// <param name="used">Receives the names of the extensions that are written.</param>
internal sealed class GlbMaterialWriter(Func<byte[], GlbSampler, int> addTexture, SortedSet<string> used)
{
    public JsonObject Write(GlbMaterial material)
    {
        var samplers = material.Samplers;
        var look = new JsonObject { ["metallicFactor"] = material.MetallicFactor, ["roughnessFactor"] = material.RoughnessFactor };
        if (material.BaseColorFactor != Vector4.One)
        {
            var color = material.BaseColorFactor;
            look["baseColorFactor"] = new JsonArray(color.X, color.Y, color.Z, color.W);
        }

        Add(look, "baseColorTexture", material.BaseColorPng, samplers.BaseColor);
        Add(look, "metallicRoughnessTexture", material.OrmPng, samplers.Orm);
        var json = new JsonObject { ["pbrMetallicRoughness"] = look };
        var occlusion = material.OcclusionPng ?? (material.OrmHasOcclusion ? material.OrmPng : null);
        Add(json, "occlusionTexture", occlusion, samplers.Occlusion, "strength", material.OcclusionStrength);
        Add(json, "normalTexture", material.NormalPng, samplers.Normal, "scale", material.NormalScale);
        Add(json, "emissiveTexture", material.EmissivePng, samplers.Emissive);
        if (material.EmissiveFactor != Vector3.Zero)
        {
            json["emissiveFactor"] = new JsonArray(material.EmissiveFactor.X, material.EmissiveFactor.Y, material.EmissiveFactor.Z);
        }

        if (material.AlphaMode != GlbAlphaMode.Opaque)
        {
            json["alphaMode"] = material.AlphaMode == GlbAlphaMode.Mask ? "MASK" : "BLEND";
        }

        if (material.AlphaMode == GlbAlphaMode.Mask)
        {
            json["alphaCutoff"] = material.AlphaCutoff;
        }

        if (material.DoubleSided)
        {
            json["doubleSided"] = true;
        }

        var extensions = Extensions(material);
        if (extensions.Count > 0)
        {
            json["extensions"] = extensions;
            used.UnionWith(extensions.Select(extension => extension.Key));
        }

        return json;
    }

    private JsonObject Extensions(GlbMaterial material)
    {
        var extensions = new JsonObject();
        if (material.EmissiveStrength != 1)
        {
            extensions[GlbExtensions.EmissiveStrength] = new JsonObject { ["emissiveStrength"] = material.EmissiveStrength };
        }

        if (material.Ior != 1.5f)
        {
            extensions[GlbExtensions.Ior] = new JsonObject { ["ior"] = material.Ior };
        }

        if (material.Transmission is { } passing)
        {
            var json = new JsonObject { ["transmissionFactor"] = passing.Factor };
            Add(json, "transmissionTexture", passing.Png, material.Samplers.Transmission);
            extensions[GlbExtensions.Transmission] = json;
        }

        if (material.Clearcoat is { } coat)
        {
            var json = new JsonObject { ["clearcoatFactor"] = coat.Factor, ["clearcoatRoughnessFactor"] = coat.RoughnessFactor };
            Add(json, "clearcoatTexture", coat.Png, material.Samplers.Clearcoat);
            Add(json, "clearcoatRoughnessTexture", coat.RoughnessPng, material.Samplers.ClearcoatRoughness);
            Add(json, "clearcoatNormalTexture", coat.NormalPng, material.Samplers.ClearcoatNormal);
            extensions[GlbExtensions.Clearcoat] = json;
        }

        if (material.Unlit)
        {
            extensions[GlbExtensions.Unlit] = new JsonObject();
        }

        return extensions;
    }

    private void Add(JsonObject parent, string name, byte[]? png, GlbSampler sampler, string? scale = null, float value = 1)
    {
        if (png is null)
        {
            return;
        }

        var texture = new JsonObject { ["index"] = addTexture(png, sampler) };
        if (scale is not null && value != 1)
        {
            texture[scale] = value;
        }

        parent[name] = texture;
    }
}
