using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Realiz3D.Mesh.Formats;

/// <summary>Reads one OBJ file: v, vt, vn, f, usemtl, mtllib; all other statements are passed over.</summary>
/// <remarks>Source: Wavefront, Advanced Visualizer appendix B1 ("Object files"), polygonal geometry.</remarks>
internal sealed class ObjReader(string file, MeshLimits limits)
{
    private const int LongestName = 1024;

    private readonly List<float> _positions = [];
    private readonly List<float> _uvs = [];
    private readonly List<float> _normals = [];
    private readonly List<int>[] _corners = [[], [], []]; // of the triangles: positions, texture coordinates, normals
    private readonly List<(int Position, int Uv, int Normal)> _polygon = [];
    private readonly List<ObjGroup> _groups = [];
    private readonly List<string> _libraries = [];
    private int _line;

    public ObjModel Read(ReadOnlySpan<byte> bytes)
    {
        limits.CheckBytes(file, bytes.Length);
        var lines = new TextLines(bytes);
        while (lines.Next())
        {
            _line = lines.Number;
            Statement(lines.Current is [.., (byte)'\\'] and not [(byte)'#', ..] ? Continued(ref lines) : lines.Current);
        }

        if (_corners[0].Count == 0)
        {
            throw new MalformedFileException(file, "it holds no face.");
        }

        CloseGroup();
        return new ObjModel(
            [.. _positions], [.. _uvs], [.. _normals], [.. _corners[0]], [.. _corners[1]], [.. _corners[2]], _groups, _libraries);
    }

    /// <summary>A statement that goes on over the ends of lines, each of them a backslash.</summary>
    private static byte[] Continued(ref TextLines lines)
    {
        var statement = new ArrayBufferWriter<byte>();
        do
        {
            statement.Write(lines.Current.TrimEnd((byte)'\\'));
            statement.Write(" "u8);
        }
        while (lines.Current is [.., (byte)'\\'] && lines.Next());
        return statement.WrittenSpan.ToArray();
    }

    private void Statement(ReadOnlySpan<byte> line)
    {
        var word = TextLines.Word(ref line);
        if (word.SequenceEqual("v"u8))
        {
            limits.CheckVertices(file, (_positions.Count / 3) + 1);
            Numbers(line, _positions, 3, "a vertex");
        }
        else if (word.SequenceEqual("vt"u8))
        {
            limits.CheckVertices(file, (_uvs.Count / 2) + 1);
            Numbers(line, _uvs, 2, "a texture coordinate", fewest: 1);
        }
        else if (word.SequenceEqual("vn"u8))
        {
            limits.CheckVertices(file, (_normals.Count / 3) + 1);
            Numbers(line, _normals, 3, "a normal");
        }
        else if (word.SequenceEqual("f"u8))
        {
            Face(line);
        }
        else if (word.SequenceEqual("usemtl"u8))
        {
            CloseGroup();
            _groups.Add(new ObjGroup(Name(line), _corners[0].Count / 3, 0));
        }
        else if (word.SequenceEqual("mtllib"u8))
        {
            _libraries.Add(Name(line));
        }
    }

    /// <summary>The first numbers of a statement; further ones (weights, colours) are passed over, but must be numbers.</summary>
    private void Numbers(ReadOnlySpan<byte> line, List<float> target, int count, string what, int? fewest = null)
    {
        var found = 0;
        while (TextLines.Word(ref line) is { IsEmpty: false } word && word[0] != '#')
        {
            if (!TextLines.TryFloat(word, out var value))
            {
                throw Fault($"has {TextLines.Show(word)} in {what}; finite numbers are expected");
            }

            if (found++ < count)
            {
                target.Add(value);
            }
        }

        if (found < (fewest ?? count))
        {
            throw Fault($"has {what} of {found} numbers; {fewest ?? count} are expected");
        }

        for (; found < count; found++)
        {
            target.Add(0); // v of a texture coordinate has this default
        }
    }

    private void Face(ReadOnlySpan<byte> line)
    {
        _polygon.Clear();
        while (TextLines.Word(ref line) is { IsEmpty: false } word && word[0] != '#')
        {
            _polygon.Add(Corner(word));
        }

        if (_polygon.Count < 3)
        {
            throw Fault($"has a face of {_polygon.Count} corners; 3 are the fewest");
        }

        limits.CheckFaces(file, (_corners[0].Count / 3) + (long)_polygon.Count - 2);
        for (var i = 2; i < _polygon.Count; i++)
        {
            foreach (var (position, uv, normal) in (ReadOnlySpan<(int, int, int)>)[_polygon[0], _polygon[i - 1], _polygon[i]])
            {
                _corners[0].Add(position);
                _corners[1].Add(uv);
                _corners[2].Add(normal);
            }
        }
    }

    /// <summary>p, p/t, p//n or p/t/n; 1 is the first, -1 the last so far.</summary>
    private (int Position, int Uv, int Normal) Corner(ReadOnlySpan<byte> word)
    {
        Span<int> found = [-1, -1, -1];
        ReadOnlySpan<int> counts = [_positions.Count / 3, _uvs.Count / 2, _normals.Count / 3];
        var rest = word;
        for (var part = 0; part < 3; part++)
        {
            var slash = rest.IndexOf((byte)'/');
            var number = slash < 0 ? rest : rest[..slash];
            if (!number.IsEmpty || part == 0)
            {
                if (!Utf8Parser.TryParse(number, out int index, out var used) || used != number.Length)
                {
                    throw Fault($"has the corner {TextLines.Show(word)}; whole numbers like 3, 3/1, 3//2 or 3/1/2 are expected");
                }

                found[part] = index > 0 ? index - 1 : counts[part] + index;
                if (index == 0 || found[part] < 0 || found[part] >= counts[part])
                {
                    throw Fault($"has the corner {TextLines.Show(word)}, but only {counts[part]} {Kind(part)} stand before it");
                }
            }

            if (slash < 0)
            {
                return (found[0], found[1], found[2]);
            }

            rest = rest[(slash + 1)..];
        }

        throw Fault($"has the corner {TextLines.Show(word)} with more than three parts");
    }

    private void CloseGroup()
    {
        var faces = _corners[0].Count / 3;
        if (_groups.Count == 0)
        {
            _groups.Add(new ObjGroup("", 0, faces));
        }

        _groups[^1] = _groups[^1] with { FaceCount = faces - _groups[^1].FirstFace };
        if (_groups[^1].FaceCount == 0)
        {
            _groups.RemoveAt(_groups.Count - 1);
        }
    }

    private string Name(ReadOnlySpan<byte> line)
    {
        var name = line.Trim(" \t"u8);
        return name.Length <= LongestName
            ? Encoding.UTF8.GetString(name)
            : throw Fault($"has a name of {name.Length} bytes; at most {LongestName} are read");
    }

    private static string Kind(int part) => part switch { 0 => "vertices", 1 => "texture coordinates", _ => "normals" };

    private MalformedFileException Fault(string problem) => new(file, $"line {_line} {problem}.");
}
