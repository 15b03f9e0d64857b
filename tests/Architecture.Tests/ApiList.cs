using System.Text.RegularExpressions;

namespace Realiz3D.Mesh.Architecture.Tests;

/// <summary>The public members of a package, as tests/api lists them.</summary>
/// <remarks>
/// A type stands at the start of a line, its members are indented below it. A type's key is its full name with the number
/// of its type parameters, as in metadata; a member's is its name and its parameters, type and name, in which types stand
/// without namespaces and outer types, and without what metadata does not tell apart or callers do not see.
/// </remarks>
internal sealed partial class ApiList
{
    private readonly Dictionary<string, HashSet<string>> _members = [];
    private readonly Dictionary<string, string> _bases = [];

    public ApiList(IEnumerable<string> lines)
    {
        HashSet<string> open = [];
        foreach (var line in lines)
        {
            if (TypeLine().Match(line) is { Success: true } type)
            {
                var (name, tail) = TakeName(type.Groups["rest"].Value);
                if (!_members.TryGetValue(name, out open!))
                {
                    _members[name] = open = [];
                }

                if (tail.StartsWith(" : ", StringComparison.Ordinal))
                {
                    _bases[name] = TakeName(tail[3..]).Name;
                }
            }
            else if (line.StartsWith("  ", StringComparison.Ordinal))
            {
                open.UnionWith(KeysOf(line.Trim().TrimEnd(';')));
            }
        }
    }

    public int Count => _members.Count;

    public bool HasType(string type) => _members.ContainsKey(type);

    /// <summary>Whether a type or one that it derives from has a member.</summary>
    public bool HasMember(string type, string member) =>
        _members.TryGetValue(type, out var own) && (own.Contains(member) || (BaseOf(type) is { } parent && HasMember(parent, member)));

    // Bases are written without the outermost namespace.
    private string? BaseOf(string type) =>
        _bases.TryGetValue(type, out var name)
            ? _members.Keys.FirstOrDefault(known => known == name || known.EndsWith($".{name}", StringComparison.Ordinal))
            : null;

    private static IEnumerable<string> KeysOf(string line)
    {
        if (EnumLine().IsMatch(line))
        {
            return line.Split(", ").Select(value => value.Split('=')[0]);
        }

        var text = Constraints().Replace(line, string.Empty);
        var isProperty = text.Contains(" { ", StringComparison.Ordinal);
        text = isProperty ? text[..text.IndexOf(" { ", StringComparison.Ordinal)] : text;
        if (text[^1] is not (')' or ']'))
        {
            return [LastWord(text)];
        }

        var start = StartOfGroup(text);
        var name = text[..start];
        name = name[^1] == '>' ? name[..StartOfGroup(name)] : name;
        return [$"{LastWord(name)}({string.Join(',', Split(text[(start + 1)..^1]).Select(KeyOf))})"];
    }

    /// <summary><c>params torch.Tensor[] a = null</c> as <c>Tensor[] a</c>.</summary>
    private static string KeyOf(string parameter)
    {
        var text = parameter.Split(" = ")[0].TrimEnd();
        var name = LastWord(text);
        var type = text[..^name.Length].Trim();
        var isByReference = ByReference().IsMatch(type);
        type = Modifiers().Replace(type, string.Empty);
        type = Qualifiers().Replace(type.Replace(" ", string.Empty, StringComparison.Ordinal), string.Empty);
        return $"{ReferenceMarks().Replace(type, "$1")}{(isByReference ? "&" : string.Empty)} {name}";
    }

    private static string LastWord(string text) => text.TrimEnd()[(text.TrimEnd().LastIndexOf(' ') + 1)..];

    /// <summary>Where the bracket opens that the text's last character closes.</summary>
    private static int StartOfGroup(string text)
    {
        var depth = 0;
        for (var i = text.Length - 1; ; i--)
        {
            depth += text[i] is ')' or ']' or '>' ? 1 : text[i] is '(' or '[' or '<' ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }
    }

    /// <summary>Splits at the commas outside of brackets.</summary>
    private static List<string> Split(string text)
    {
        List<string> parts = [];
        var (depth, start) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (depth == 0 && text[i] == ','))
            {
                parts.Add(text[start..i].Trim());
                start = i + 1;
            }
            else
            {
                depth += text[i] is '(' or '[' or '<' ? 1 : text[i] is ')' or ']' or '>' ? -1 : 0;
            }
        }

        return parts is [""] ? [] : parts;
    }

    /// <summary>Takes a type's name from the start of a text, <c>Module&lt;T, TResult&gt;</c> as <c>Module`2</c>.</summary>
    private static (string Name, string Tail) TakeName(string text)
    {
        var name = string.Empty;
        var i = 0;
        while (i < text.Length && text[i] != ' ')
        {
            if (text[i] == '<')
            {
                var start = i;
                for (var depth = 0; depth > 0 || i == start; i++)
                {
                    depth += text[i] == '<' ? 1 : text[i] == '>' ? -1 : 0;
                }

                name += $"`{Split(text[(start + 1)..(i - 1)]).Count}";
            }
            else
            {
                name += text[i++];
            }
        }

        return (name, text[i..]);
    }

    [GeneratedRegex(@"^(?:(?:static|abstract|sealed|readonly|record) )*(?:class|struct|interface|enum|delegate|record) (?<rest>\S.*)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"^\w+=-?\d+(, \w+=-?\d+)*$")]
    private static partial Regex EnumLine();

    [GeneratedRegex(@"^(this )?(ref|out|in) ")]
    private static partial Regex ByReference();

    [GeneratedRegex(@"^((this|params|ref|out|in) )*")]
    private static partial Regex Modifiers();

    [GeneratedRegex(@"\w+\.")]
    private static partial Regex Qualifiers();

    // Question marks after what is never a value say nothing in metadata.
    [GeneratedRegex(@"(string|object|\]|>)\?")]
    private static partial Regex ReferenceMarks();

    [GeneratedRegex(@" where T\w* : .*$")]
    private static partial Regex Constraints();
}
