using System.Numerics;
using System.Text;

namespace Realiz3D.Mesh.Formats;

/// <summary>A material of an MTL file, with the PBR statements that most programs read.</summary>
/// <param name="Name">Name after newmtl.</param>
/// <param name="Color">Kd, linear RGB.</param>
/// <param name="Roughness">Pr, 0 to 1.</param>
/// <param name="Metallic">Pm, 0 to 1.</param>
/// <param name="ColorMap">File after map_Kd; null without. A name, nothing is opened.</param>
/// <param name="RoughnessMap">File after map_Pr.</param>
/// <param name="MetallicMap">File after map_Pm.</param>
/// <param name="NormalMap">File after norm.</param>
public sealed record MtlMaterial(
    string Name,
    Vector3 Color,
    float Roughness = 1,
    float Metallic = 0,
    string? ColorMap = null,
    string? RoughnessMap = null,
    string? MetallicMap = null,
    string? NormalMap = null);

/// <summary>Reads material libraries of OBJ files. Sources: Wavefront MTL; Clara.io's PBR statements (Pr, Pm, norm).</summary>
public static class Mtl
{
    private const int MostMaterials = 10_000;

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
                materials.Add(new MtlMaterial(Encoding.UTF8.GetString(line.Trim(" \t"u8)), new Vector3(0.8f)));
            }
            else if (word is "newmtl" || (word is "Kd" or "Pr" or "Pm" or "map_Kd" or "map_Pr" or "map_Pm" or "norm" && materials.Count == 0))
            {
                throw new MalformedFileException(name, $"line {lines.Number} has {word} out of place: newmtl comes first, at most {MostMaterials} times.");
            }
            else if (materials.Count > 0)
            {
                materials[^1] = With(materials[^1], word, line, $"line {lines.Number}", name);
            }
        }

        return materials;
    }

    private static MtlMaterial With(MtlMaterial material, string word, ReadOnlySpan<byte> line, string where, string file) => word switch
    {
        "Kd" => material with { Color = Color(line, where, file) },
        "Pr" => material with { Roughness = Number(ref line, where, file) },
        "Pm" => material with { Metallic = Number(ref line, where, file) },
        "map_Kd" => material with { ColorMap = File(line) },
        "map_Pr" => material with { RoughnessMap = File(line) },
        "map_Pm" => material with { MetallicMap = File(line) },
        "norm" => material with { NormalMap = File(line) },
        _ => material,
    };

    private static Vector3 Color(ReadOnlySpan<byte> line, string where, string file) =>
        new(Number(ref line, where, file), Number(ref line, where, file), Number(ref line, where, file));

    private static float Number(ref ReadOnlySpan<byte> line, string where, string file)
    {
        var word = TextLines.Word(ref line);
        return TextLines.TryFloat(word, out var value)
            ? value
            : throw new MalformedFileException(file, $"{where} has {TextLines.Show(word)} where a number is expected.");
    }

    private static string File(ReadOnlySpan<byte> line) => Encoding.UTF8.GetString(line.Trim(" \t"u8));
}
