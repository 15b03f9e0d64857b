using System.Text.Json.Nodes;

namespace Realiz3D.Mesh.Formats.Interop;

/// <summary>What another program should find in an asset.</summary>
internal static class Expectation
{
    /// <summary>Faces, area and bounds of the whole in world coordinates, and each material's numbers.</summary>
    /// <param name="name">File name without extension.</param>
    /// <param name="scene">The asset.</param>
    public static JsonObject Of(string name, GlbScene scene)
    {
        var mesh = scene.Join().Mesh;
        var corners = mesh.Indices.Select(mesh.Position).ToArray();
        return new JsonObject
        {
            ["name"] = name,
            ["faces"] = mesh.FaceCount,
            ["area"] = MeshInspection.Of(mesh, weld: false).Area,
            ["low"] = new JsonArray(corners.Min(c => c.X), corners.Min(c => c.Y), corners.Min(c => c.Z)),
            ["high"] = new JsonArray(corners.Max(c => c.X), corners.Max(c => c.Y), corners.Max(c => c.Z)),
            ["uvs"] = mesh.Uvs is not null,
            ["normals"] = mesh.Normals is not null,
            ["tangents"] = mesh.Tangents is not null,
            ["materials"] = new JsonArray([.. scene.Parts.Select(part => (JsonNode)Material(scene.Materials[part.Material!.Value]))]),
        };
    }

    private static JsonObject Material(GlbMaterial material) => new()
    {
        ["unlit"] = material.Unlit,
        ["roughness"] = material.RoughnessFactor,
        ["metalness"] = material.MetallicFactor,
        ["emissiveStrength"] = material.EmissiveFactor == default ? 1 : material.EmissiveStrength,
        ["ior"] = material.Ior,
        ["clearcoat"] = material.Clearcoat?.Factor ?? 0,
        ["transmission"] = material.Transmission?.Factor ?? 0,
        ["alphaTest"] = material.AlphaMode == GlbAlphaMode.Mask ? material.AlphaCutoff : 0,
        ["transparent"] = material.AlphaMode == GlbAlphaMode.Blend,
        ["doubleSided"] = material.DoubleSided,
        ["colours"] = Texels(material.BaseColorPng),
        ["normalMap"] = Texels(material.NormalPng),
    };

    // Size and sum of all bytes as RGBA: what a reader must find after decoding.
    private static JsonObject? Texels(byte[]? png)
    {
        if (png is null)
        {
            return null;
        }

        var image = Png.Read(png, "texture");
        return new JsonObject { ["width"] = image.Width, ["height"] = image.Height, ["sum"] = image.ToRgba().Sum(value => (long)value) };
    }
}
