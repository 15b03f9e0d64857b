using System.Diagnostics;
using System.Reflection;

namespace Realiz3D.Mesh.Architecture.Tests;

/// <summary>The files that are committed.</summary>
internal static class Repository
{
    private static readonly string[] TextExtensions =
        [".cs", ".csproj", ".props", ".sln", ".slnf", ".json", ".proto", ".md", ".yml", ".yaml", ".razor", ".js", ".ts", ".css",
         ".html", ".txt", ".cpp", ".h", ".cmake", ".sh", ".py", ".Dockerfile", ".editorconfig", ".gitignore", ".gitattributes"];

    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(data => data.Key == "RepositoryRoot").Value!;

    /// <summary>Paths from the root, with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } = List();

    /// <summary>Files that people read and write. Reference data of tests is kept as it came.</summary>
    public static IEnumerable<string> TextFiles =>
        Files.Where(file => IsText(file) && !file.StartsWith("tests/goldens/", StringComparison.Ordinal));

    public static string Absolute(string path) => Path.Combine(Root, path);

    public static string Text(string path) => File.ReadAllText(Absolute(path));

    private static bool IsText(string path) =>
        Path.GetExtension(path) is { Length: > 0 } extension
            ? TextExtensions.Contains(extension)
            : Path.GetFileName(path) is "mesh" or "run" or "Dockerfile";

    private static List<string> List()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", Root, "-c", "core.quotePath=off", "ls-files"])
        {
            RedirectStandardOutput = true,
        })!;
        var files = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, "git ls-files failed.");
        return [.. files.Where(file => File.Exists(Absolute(file)))];
    }
}
