using System.Globalization;
using System.Numerics;
using System.Text;

namespace Realiz3D.Mesh.Formats;

/// <summary>Writes an asset as OBJ with its MTL and images, all to lie in one folder.</summary>
internal static class ObjWriter
{
    private const string Material = "surface";

    public static Dictionary<string, byte[]> Write(GlbAsset asset, string name)
    {
        if (asset.Mesh.Fault() is { } fault)
        {
            throw new ArgumentException($"The mesh cannot be written: {fault}");
        }

        if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')))
        {
            throw new ArgumentException("The name of an OBJ file is made of letters, digits, - and _.", nameof(name));
        }

        var files = new Dictionary<string, byte[]> { [$"{name}.obj"] = Encoding.ASCII.GetBytes(Geometry(asset.Mesh, name)) };
        var material = new StringBuilder($"newmtl {Material}\n");
        var color = asset.Material.BaseColorFactor;
        material.Append(CultureInfo.InvariantCulture, $"Kd {color.X:R} {color.Y:R} {color.Z:R}\nd {color.W:R}\n");
        material.Append(CultureInfo.InvariantCulture, $"Pr {asset.Material.RoughnessFactor:R}\nPm {asset.Material.MetallicFactor:R}\n");
        var glow = asset.Material.EmissiveFactor * asset.Material.EmissiveStrength;
        if (glow != Vector3.Zero)
        {
            material.Append(CultureInfo.InvariantCulture, $"Ke {glow.X:R} {glow.Y:R} {glow.Z:R}\n");
        }

        void Add(string statement, string suffix, byte[]? png)
        {
            if (png is not null)
            {
                files[$"{name}_{suffix}.png"] = png;
                material.Append(CultureInfo.InvariantCulture, $"{statement} {name}_{suffix}.png\n");
            }
        }

        Add("map_Kd", "basecolor", asset.Material.BaseColorPng);
        Add("map_Pr", "roughness", Channel(asset.Material.OrmPng, 1));
        Add("map_Pm", "metallic", Channel(asset.Material.OrmPng, 2));
        Add("norm", "normal", asset.Material.NormalPng);
        Add("map_Ke", "emissive", glow == Vector3.Zero ? null : asset.Material.EmissivePng);
        files[$"{name}.mtl"] = Encoding.ASCII.GetBytes(material.ToString());
        return files;
    }

    private static string Geometry(TriangleMesh mesh, string name)
    {
        var text = new StringBuilder($"# Realiz3D Mesh\nmtllib {name}.mtl\nusemtl {Material}\n");
        for (var i = 0; i < mesh.VertexCount; i++)
        {
            var place = mesh.Position(i);
            text.Append(CultureInfo.InvariantCulture, $"v {place.X:R} {place.Y:R} {place.Z:R}\n");
        }

        for (var i = 0; i < mesh.Uvs?.Length; i += 2)
        {
            text.Append(CultureInfo.InvariantCulture, $"vt {mesh.Uvs[i]:R} {1 - mesh.Uvs[i + 1]:R}\n");
        }

        for (var i = 0; i < mesh.Normals?.Length; i += 3)
        {
            text.Append(CultureInfo.InvariantCulture, $"vn {mesh.Normals[i]:R} {mesh.Normals[i + 1]:R} {mesh.Normals[i + 2]:R}\n");
        }

        string Corner(int vertex) => (mesh.Uvs, mesh.Normals) switch
        {
            (null, null) => $"{vertex}",
            (_, null) => $"{vertex}/{vertex}",
            (null, _) => $"{vertex}//{vertex}",
            _ => $"{vertex}/{vertex}/{vertex}",
        };
        for (var i = 0; i < mesh.Indices.Length; i += 3)
        {
            text.Append("f ").AppendJoin(' ', mesh.Indices.AsSpan(i, 3).ToArray().Select(index => Corner(index + 1))).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>One channel as a gray image: MTL wants a file for each.</summary>
    private static byte[]? Channel(byte[]? png, int channel)
    {
        if (png is null)
        {
            return null;
        }

        var image = Png.Read(png, "a texture");
        var rgba = image.ToRgba();
        return Png.Write([.. Enumerable.Range(0, image.Width * image.Height).Select(i => rgba[(4 * i) + channel])], image.Width, image.Height, 1);
    }
}
