using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Conformance.Tests;

/// <summary>Every reference case of the repository whose kind is known, run as <c>./mesh conformance</c> runs it.</summary>
public class ReferenceCaseTests
{
    public static IEnumerable<object[]> Cases() =>
        from file in Directory.EnumerateFiles(Goldens.Path(), "case.json", SearchOption.AllDirectories)
        let name = Path.GetDirectoryName(Path.GetRelativePath(Goldens.Path(), file))!
        where IsKnown(Path.GetDirectoryName(file)!)
        orderby name
        select new object[] { name };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Case_AgreesWithItsReference(string name)
    {
        var (_, verdict) = ConformanceRun.RunCase(Goldens.Path(name), TestDevice.Here);
        Assert.True(verdict!.Passed, string.Join("\n", verdict.Problems));
        Assert.InRange(verdict.WorstAbsolute, 0, 1e3);
    }

    [Fact]
    public void EveryListedKind_HasARunner()
    {
        var listed = File.ReadAllLines(Path.Combine(Goldens.RepositoryRoot, "tests", "conformance.kinds"));
        Assert.True(listed.Length >= 6);
        Assert.Empty(listed.Except(CaseRunners.ByKind.Keys));
    }

    private static bool IsKnown(string folder)
    {
        using var golden = GoldenCase.Open(folder);
        return CaseRunners.ByKind.ContainsKey(golden.Kind);
    }
}
