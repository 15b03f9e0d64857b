namespace Realiz3D.Mesh.Formats;

/// <summary>JSON as Python writes it: with bare NaN, Infinity and -Infinity, which the grammar of JSON lacks.</summary>
/// <remarks>Published scheduler configurations hold them. Source: Python's documentation of <c>json</c>, "allow_nan".</remarks>
public static class PythonJson
{
    /// <summary>Puts the three words into quotes, where they stand outside strings; all else stays.</summary>
    /// <param name="text">UTF-8.</param>
    /// <returns>JSON, in which numbers may be the strings "NaN", "Infinity" and "-Infinity".</returns>
    public static byte[] ToJson(ReadOnlySpan<byte> text)
    {
        var json = new List<byte>(text.Length + 16);
        var inString = false;
        for (var at = 0; at < text.Length;)
        {
            var word = inString ? 0 : NumberWord(text[at..]);
            if (word > 0)
            {
                json.Add((byte)'"');
                json.AddRange(text.Slice(at, word));
                json.Add((byte)'"');
                at += word;
                continue;
            }

            var escape = inString && text[at] == '\\' && at + 1 < text.Length;
            inString ^= text[at] == '"';
            json.AddRange(text.Slice(at, escape ? 2 : 1));
            at += escape ? 2 : 1;
        }

        return [.. json];
    }

    private static int NumberWord(ReadOnlySpan<byte> text) =>
        text.StartsWith("NaN"u8) ? 3
        : text.StartsWith("Infinity"u8) ? 8
        : text.StartsWith("-Infinity"u8) ? 9
        : 0;
}
