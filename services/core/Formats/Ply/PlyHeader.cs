using System.Globalization;

namespace Realiz3D.Mesh.Formats;

/// <summary>The header of a PLY file, checked against what follows it.</summary>
/// <remarks>Source: Greg Turk, "The PLY polygon file format", 1994.</remarks>
internal sealed class PlyHeader
{
    private const int MostLines = 1000;
    private const int MostProperties = 128;

    private readonly string _file;

    private PlyHeader(string file) => _file = file;

    public PlyEncoding Encoding { get; private set; }

    public List<PlyElement> Elements { get; } = [];

    /// <summary>Where the numbers start.</summary>
    public int BodyStart { get; private set; }

    public static PlyHeader Parse(ReadOnlySpan<byte> bytes, string file)
    {
        if (!bytes.StartsWith("ply"u8) || bytes.Length < 4 || bytes[3] is not ((byte)'\n' or (byte)'\r'))
        {
            throw new MalformedFileException(file, "not a PLY file: it does not start with the line \"ply\".");
        }

        var header = new PlyHeader(file);
        for (var (at, line) = (0, 1); line <= MostLines; line++)
        {
            var rest = bytes[at..];
            var end = rest.IndexOfAny((byte)'\n', (byte)'\r');
            if (end < 0)
            {
                break;
            }

            at += rest[end..] is [(byte)'\r', (byte)'\n', ..] ? end + 2 : end + 1;
            if (!header.Statement(System.Text.Encoding.ASCII.GetString(rest[..end]), line))
            {
                header.BodyStart = at;
                header.CheckCounts(bytes.Length - at);
                return header;
            }
        }

        throw new MalformedFileException(file, "the header does not end: \"end_header\" is missing.");
    }

    /// <summary>Takes one line in; false for the last one.</summary>
    private bool Statement(string text, int line)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        switch (words)
        {
            case [] or ["comment" or "obj_info", ..]:
            case ["ply"] when line == 1:
                return true;
            case ["format", var encoding, "1.0"]:
                Encoding = encoding switch
                {
                    "ascii" => PlyEncoding.Ascii,
                    "binary_little_endian" => PlyEncoding.BinaryLittleEndian,
                    "binary_big_endian" => PlyEncoding.BinaryBigEndian,
                    _ => throw Fault(line, $"names the format {Show(encoding)}; ascii, binary_little_endian or binary_big_endian is expected"),
                };
                return true;
            case ["element", var name, _] when Elements.Exists(element => element.Name == name):
                throw Fault(line, $"repeats the element {Show(name)}");
            case ["element", var name, var count]:
                Elements.Add(new PlyElement(
                    name,
                    long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                        ? number
                        : throw Fault(line, $"gives {Show(name)} the count {Show(count)}; a whole number from 0 is expected"),
                    []));
                return true;
            case ["property", "list", var length, var type, var name]:
                Add(line, new PlyProperty(name, Type(line, type), Type(line, length)));
                return true;
            case ["property", var type, var name]:
                Add(line, new PlyProperty(name, Type(line, type), null));
                return true;
            case ["end_header"]:
                return false;
            default:
                throw Fault(line, $"is no statement of PLY: {Show(text)}");
        }
    }

    private void Add(int line, PlyProperty property)
    {
        if (Elements.Count == 0 || Elements[^1].Properties.Count == MostProperties || property.Length is PlyType.Float32 or PlyType.Float64)
        {
            throw Fault(line, $"has a property out of place: one of at most {MostProperties} of an element, its length a whole number");
        }

        Elements[^1].Properties.Add(property);
    }

    /// <summary>Refuses counts that the bytes left cannot hold, before anything is allocated for them.</summary>
    private void CheckCounts(long left)
    {
        foreach (var element in Elements)
        {
            if (element.Properties.Count == 0 && element.Count > 0)
            {
                throw new MalformedFileException(_file, $"the element {Show(element.Name)} has no property.");
            }

            var fewest = Encoding == PlyEncoding.Ascii
                ? 2 * element.Properties.Count // a digit and what parts it from the next
                : element.Properties.Sum(property => property.FewestBytes);
            if (element.Count > 0 && element.Count > (left + 1) / fewest)
            {
                throw new MalformedFileException(
                    _file, $"it claims {element.Count} of {Show(element.Name)}, but only {left} bytes are left.");
            }

            left -= element.Count * fewest;
        }
    }

    private PlyType Type(int line, string name) => name switch
    {
        "char" or "int8" => PlyType.Int8,
        "uchar" or "uint8" => PlyType.UInt8,
        "short" or "int16" => PlyType.Int16,
        "ushort" or "uint16" => PlyType.UInt16,
        "int" or "int32" => PlyType.Int32,
        "uint" or "uint32" => PlyType.UInt32,
        "float" or "float32" => PlyType.Float32,
        "double" or "float64" => PlyType.Float64,
        _ => throw Fault(line, $"names the type {Show(name)}, which PLY does not have"),
    };

    private static string Show(string word) => TextLines.Show(System.Text.Encoding.ASCII.GetBytes(word));

    private MalformedFileException Fault(int line, string problem) => new(_file, $"line {line} of the header {problem}.");
}
