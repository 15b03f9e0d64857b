using System.Xml.Linq;

namespace Realiz3D.Mesh.Architecture.Tests;

/// <summary>A project file and what it references.</summary>
/// <param name="Name">File name without ending.</param>
/// <param name="Path">Path from the repository's root.</param>
/// <param name="References">Names of the projects it compiles against.</param>
/// <param name="IsProgram">It makes something to run.</param>
internal sealed record Project(string Name, string Path, IReadOnlyList<string> References, bool IsProgram)
{
    public static IReadOnlyDictionary<string, Project> All { get; } = Repository.Files
        .Where(file => file.EndsWith(".csproj", StringComparison.Ordinal))
        .Select(Read)
        .ToDictionary(project => project.Name);

    public bool IsCore => Path.StartsWith("services/core/", StringComparison.Ordinal);

    public bool IsService => Path.StartsWith("services/", StringComparison.Ordinal) && !IsCore;

    public bool IsTest => Path.StartsWith("tests/", StringComparison.Ordinal);

    /// <summary>Every project that gets loaded with this one, itself not included.</summary>
    public IReadOnlySet<string> Reach()
    {
        HashSet<string> reached = [];
        Stack<Project> open = new([this]);
        while (open.TryPop(out var project))
        {
            foreach (var reference in project.References.Where(reached.Add))
            {
                open.Push(All[reference]);
            }
        }

        return reached;
    }

    private static Project Read(string path)
    {
        var xml = XDocument.Load(Repository.Absolute(path)).Root!;
        var references = xml.Descendants("ProjectReference")
            .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
            .Select(reference => System.IO.Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!))
            .ToList();
        var isProgram = (string?)xml.Attribute("Sdk") == "Microsoft.NET.Sdk.Web"
            || xml.Descendants("OutputType").Any(type => type.Value == "Exe");
        return new(System.IO.Path.GetFileNameWithoutExtension(path), path, references, isProgram);
    }
}
