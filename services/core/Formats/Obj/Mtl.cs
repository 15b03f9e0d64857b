using System.Numerics;
using System.Text;

namespace Realiz3D.Mesh.Formats;

/// <summary>Reads material libraries of OBJ files. Sources: Wavefront MTL; Clara.io's PBR statements (Pr, Pm, norm).</summary>
public static class Mtl
{
    internal const int MostMaterials = 10_000;

    // Statements that are read, and pictures that are known and not.
    private static readonly string[] s_read =
        ["Kd", "d", "Tr", "Pr", "Pm", "Ns", "Ke", "map_Kd", "map_Pr", "map_Pm", "map_Ke", "norm", "map_Bump", "map_bump", "bump"];

    private static readonly string[] s_unread = ["map_Ka", "map_Ks", "map_Ns", "map_d", "map_Ps", "disp", "decal", "refl"];

    // Options of one word each, and those of up to three numbers, which move or scale a picture.
    private static readonly string[] s_options = ["-blendu", "-blendv", "-cc", "-clamp", "-imfchan", "-texres", "-bm", "-boost", "-type"];
    private static readonly string[] s_moves = ["-o", "-s", "-t", "-mm"];

    /// <summary>Reads all materials; statements that are not known are passed over.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="limits">What reading may cost; the defaults when null.</param>
    /// <returns>The materials in the file's order.</returns>
    /// <exception cref="MalformedFileException">A number is none, a statement stands before newmtl, or the file is too large.</exception>
    public static IReadOnlyList<MtlMaterial> Read(ReadOnlySpan<byte> bytes, string name, MeshLimits? limits = null)
    {
        (limits ?? new MeshLimits()).CheckBytes(name, bytes.Length);
        var materials = new List<MtlMaterial>();
        var lines = new TextLines(bytes);
        while (lines.Next())
        {
            var line = lines.Current;
            var word = Encoding.ASCII.GetString(TextLines.Word(ref line));
            if (word == "newmtl" && materials.Count < MostMaterials)
            {
                materials.Add(new MtlMaterial(Encoding.UTF8.GetString(line.Trim(" \t"u8))));
            }
            else if (word is "newmtl" || (s_read.Contains(word) && materials.Count == 0))
            {
                throw new MalformedFileException(name, $"line {lines.Number} has {word} out of place: newmtl comes first, at most {MostMaterials} times.");
            }
            else if (materials.Count > 0)
            {
                materials[^1] = s_unread.Contains(word)
                    ? Unread(materials[^1], word)
                    : With(materials[^1], word, line, $"line {lines.Number}", name);
            }
        }

        return materials;
    }

    private static MtlMaterial With(MtlMaterial material, string word, ReadOnlySpan<byte> line, string where, string file)
    {
        switch (word)
        {
            case "Kd": return material with { Color = Color(line, where, file) };
            case "Ke": return material with { Emission = Color(line, where, file) };
            case "d": return material with { Opacity = Number(ref line, where, file) };
            case "Tr": return material with { Opacity = 1 - Number(ref line, where, file) };
            case "Pr": return material with { Roughness = Number(ref line, where, file) };
            case "Pm": return material with { Metallic = Number(ref line, where, file) };
            case "Ns": return material with { Shininess = Number(ref line, where, file) };
        }

        if (!s_read.Contains(word))
        {
            return material;
        }

        var map = Map(line, where, file, out var isMoved);
        material = isMoved ? Unread(material, $"the place of {word}") : material;
        return word switch
        {
            "map_Kd" => material with { ColorMap = map },
            "map_Pr" => material with { RoughnessMap = map },
            "map_Pm" => material with { MetallicMap = map },
            "map_Ke" => material with { EmissionMap = map },
            "norm" => material with { NormalMap = map },
            _ => material with { BumpMap = map },
        };
    }

    // Options come first; the rest is the name, which may hold spaces.
    private static MtlMap Map(ReadOnlySpan<byte> line, string where, string file, out bool isMoved)
    {
        var map = new MtlMap("");
        isMoved = false;
        while (true)
        {
            var rest = line;
            var option = Encoding.ASCII.GetString(TextLines.Word(ref rest));
            if (s_moves.Contains(option))
            {
                isMoved = true;
                for (var next = rest; TextLines.TryFloat(TextLines.Word(ref next), out _);)
                {
                    rest = next;
                }
            }
            else if (option == "-bm")
            {
                map = map with { Strength = Number(ref rest, where, file) };
            }
            else if (s_options.Contains(option))
            {
                var value = TextLines.Word(ref rest);
                map = option == "-clamp" ? map with { Clamps = value.SequenceEqual("on"u8) } : map;
            }
            else
            {
                return map with { File = Encoding.UTF8.GetString(line.Trim(" \t"u8)) };
            }

            line = rest;
        }
    }

    private static MtlMaterial Unread(MtlMaterial material, string what) =>
        material.Unread.Contains(what) ? material : material with { Unread = [.. material.Unread, what] };

    private static Vector3 Color(ReadOnlySpan<byte> line, string where, string file)
    {
        var red = Number(ref line, where, file);
        return line.Trim(" \t"u8).IsEmpty ? new Vector3(red) : new Vector3(red, Number(ref line, where, file), Number(ref line, where, file));
    }

    private static float Number(ref ReadOnlySpan<byte> line, string where, string file)
    {
        var word = TextLines.Word(ref line);
        return TextLines.TryFloat(word, out var value)
            ? value
            : throw new MalformedFileException(file, $"{where} has {TextLines.Show(word)} where a number is expected.");
    }
}
