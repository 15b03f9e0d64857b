using System.Text;

namespace Realiz3D.Mesh.Formats;

/// <summary>Reads the text form of STL: the words "vertex x y z", three to a facet.</summary>
internal static class StlText
{
    /// <summary>Whether bytes start with the word "solid"; words may be in capitals.</summary>
    public static bool IsText(ReadOnlySpan<byte> bytes)
    {
        var line = bytes.TrimStart(" \t\r\n"u8);
        return line.Length > 5 && Ascii.EqualsIgnoreCase(line[..5], "solid"u8) && char.IsWhiteSpace((char)line[5]);
    }

    public static float[] Read(ReadOnlySpan<byte> bytes, string file, MeshLimits limits)
    {
        var corners = new List<float>();
        var inFacet = 0;
        var lines = new TextLines(bytes);
        while (lines.Next())
        {
            var line = lines.Current;
            var word = TextLines.Word(ref line);
            if (Ascii.EqualsIgnoreCase(word, "vertex"u8))
            {
                inFacet++;
                limits.CheckVertices(file, (corners.Count / 3) + 1);
                for (var axis = 0; axis < 3; axis++)
                {
                    corners.Add(TextLines.TryFloat(TextLines.Word(ref line), out var value)
                        ? value
                        : throw new MalformedFileException(file, $"line {lines.Number} has a vertex that is not three finite numbers."));
                }
            }
            else if (Ascii.EqualsIgnoreCase(word, "endfacet"u8))
            {
                limits.CheckFaces(file, corners.Count / 9);
                inFacet = inFacet == 3
                    ? 0
                    : throw new MalformedFileException(file, $"line {lines.Number} ends a facet of {inFacet} corners; 3 are expected.");
            }
        }

        return inFacet == 0 ? [.. corners] : throw new MalformedFileException(file, "it is truncated: a facet does not end.");
    }
}
