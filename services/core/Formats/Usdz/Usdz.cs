using System.Globalization;
using System.Text;

namespace Realiz3D.Mesh.Formats;

/// <summary>Writes USDZ, which phones show in place.</summary>
/// <remarks>
/// A text layer with one mesh and a UsdPreviewSurface material, and its textures as PNG. Sources: Pixar, "Usdz file format specification" and
/// "UsdPreviewSurface specification" 2.6. Frame and unit are glTF's: Y up, metres; st runs upwards, so v is turned.
/// </remarks>
public static class Usdz
{
    /// <summary>Writes an asset. Equal assets give equal bytes.</summary>
    /// <param name="asset">The asset; what UsdPreviewSurface has no input for is left out.</param>
    /// <returns>The whole file.</returns>
    public static byte[] Write(GlbAsset asset)
    {
        if (asset.Mesh.Fault() is { } fault)
        {
            throw new ArgumentException($"The mesh cannot be written: {fault}");
        }

        var zip = new StoredZip();
        zip.Add("model.usda", Encoding.ASCII.GetBytes(Layer(asset))); // the first file is the one that is shown
        foreach (var (name, png) in Textures(asset))
        {
            zip.Add(name, png);
        }

        return zip.Finish();
    }

    private static IEnumerable<(string Name, byte[] Png)> Textures(GlbAsset asset)
    {
        var material = asset.Material;
        return new[] { ("basecolor.png", material.BaseColorPng), ("orm.png", material.OrmPng), ("normal.png", material.NormalPng) }
            .Where(texture => texture.Item2 is not null && asset.Mesh.Uvs is not null)
            .Select(texture => (texture.Item1, texture.Item2!));
    }

    private static string Layer(GlbAsset asset)
    {
        var mesh = asset.Mesh;
        var text = new StringBuilder();
        text.Append("""
            #usda 1.0
            (
                defaultPrim = "Asset"
                metersPerUnit = 1
                upAxis = "Y"
            )

            def Xform "Asset"
            {
                def Mesh "Surface" (
                    prepend apiSchemas = ["MaterialBindingAPI"]
                )
                {
                    uniform token subdivisionScheme = "none"

            """);
        text.Append("        int[] faceVertexCounts = [").AppendJoin(", ", Enumerable.Repeat(3, mesh.FaceCount)).Append("]\n");
        text.Append("        int[] faceVertexIndices = [").AppendJoin(", ", mesh.Indices).Append("]\n");
        text.Append("        point3f[] points = [").AppendJoin(", ", Tuples(mesh.Positions, 3)).Append("]\n");
        if (mesh.Normals is not null)
        {
            text.Append("        normal3f[] normals = [").AppendJoin(", ", Tuples(mesh.Normals, 3)).Append("] (\n            interpolation = \"vertex\"\n        )\n");
        }

        if (mesh.Uvs is not null)
        {
            float[] turned = [.. mesh.Uvs.Select((value, i) => i % 2 == 0 ? value : 1 - value)];
            text.Append("        texCoord2f[] primvars:st = [").AppendJoin(", ", Tuples(turned, 2)).Append("] (\n            interpolation = \"vertex\"\n        )\n");
        }

        text.Append("        rel material:binding = </Asset/Look>\n    }\n\n");
        Material(text, asset);
        return text.Append("}\n").ToString();
    }

    private static void Material(StringBuilder text, GlbAsset asset)
    {
        var (material, textured) = (asset.Material, asset.Mesh.Uvs is not null);
        var (color, orm) = (textured && material.BaseColorPng is not null, textured && material.OrmPng is not null);
        var factor = material.BaseColorFactor;
        text.Append("    def Material \"Look\"\n    {\n        token outputs:surface.connect = </Asset/Look/Preview.outputs:surface>\n\n");
        text.Append("        def Shader \"Preview\"\n        {\n            uniform token info:id = \"UsdPreviewSurface\"\n");
        text.Append(color
            ? "            color3f inputs:diffuseColor.connect = </Asset/Look/Color.outputs:rgb>\n"
            : $"            color3f inputs:diffuseColor = {Tuple([factor.X, factor.Y, factor.Z])}\n");
        text.Append(orm
            ? "            float inputs:roughness.connect = </Asset/Look/Orm.outputs:g>\n            float inputs:metallic.connect = </Asset/Look/Orm.outputs:b>\n"
            : $"            float inputs:roughness = {Number(material.RoughnessFactor)}\n            float inputs:metallic = {Number(material.MetallicFactor)}\n");
        text.Append(orm && material.OrmHasOcclusion ? "            float inputs:occlusion.connect = </Asset/Look/Orm.outputs:r>\n" : "");
        text.Append(textured && material.NormalPng is not null ? "            normal3f inputs:normal.connect = </Asset/Look/Normal.outputs:rgb>\n" : "");
        text.Append("            token outputs:surface\n        }\n");
        if (color)
        {
            Texture(text, "Color", "basecolor.png", "sRGB", material.Samplers.BaseColor, $"            float4 inputs:scale = {Tuple([factor.X, factor.Y, factor.Z, factor.W])}\n");
        }

        if (orm)
        {
            Texture(text, "Orm", "orm.png", "raw", material.Samplers.Orm, $"            float4 inputs:scale = {Tuple([1, material.RoughnessFactor, material.MetallicFactor, 1])}\n");
        }

        if (textured && material.NormalPng is not null)
        {
            Texture(text, "Normal", "normal.png", "raw", material.Samplers.Normal, "            float4 inputs:scale = (2, 2, 2, 1)\n            float4 inputs:bias = (-1, -1, -1, 0)\n");
        }

        if (textured)
        {
            text.Append("\n        def Shader \"Place\"\n        {\n            uniform token info:id = \"UsdPrimvarReader_float2\"\n"
                + "            string inputs:varname = \"st\"\n            float2 outputs:result\n        }\n");
        }

        text.Append("    }\n");
    }

    private static void Texture(StringBuilder text, string name, string file, string space, GlbSampler sampler, string scale) => text.Append(
        $"\n        def Shader \"{name}\"\n        {{\n            uniform token info:id = \"UsdUVTexture\"\n            asset inputs:file = @{file}@\n"
        + $"            token inputs:sourceColorSpace = \"{space}\"\n            token inputs:wrapS = \"{Wrap(sampler.WrapS)}\"\n            token inputs:wrapT = \"{Wrap(sampler.WrapT)}\"\n"
        + $"            float2 inputs:st.connect = </Asset/Look/Place.outputs:result>\n{scale}            float outputs:r\n            float outputs:g\n"
        + "            float outputs:b\n            float3 outputs:rgb\n        }\n");

    private static string Wrap(GlbWrap wrap) => wrap switch
    {
        GlbWrap.Repeat => "repeat",
        GlbWrap.MirroredRepeat => "mirror",
        _ => "clamp",
    };

    private static IEnumerable<string> Tuples(float[] values, int width) =>
        Enumerable.Range(0, values.Length / width).Select(i => Tuple(values[(i * width)..((i + 1) * width)]));

    private static string Tuple(float[] values) => $"({string.Join(", ", values.Select(Number))})";

    private static string Number(float value) => value.ToString("R", CultureInfo.InvariantCulture);
}
