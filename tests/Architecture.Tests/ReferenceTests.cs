using System.Text.Json;
using System.Text.RegularExpressions;

namespace Realiz3D.Mesh.Architecture.Tests;

/// <summary>Who may reference whom.</summary>
public partial class ReferenceTests
{
    private const string NativeStandIn = "TorchSharp";

    /// <summary>Libraries of core that may compute with tensors.</summary>
    private static readonly string[] TensorLibraries = ["Diffusion", "Fields", "Rendering", "Scenes", "Serving"];

    /// <summary>The places outside the TorchSharp stand-in that call native code: signals to processes; freed memory to the system; JPEG and WebP.</summary>
    private static readonly string[] OtherNativeCallers =
    [
        "aspire/Hosting/Execution/ProcessLauncher.cs", "aspire/ServiceDefaults/IdleTrim.cs", "services/core/Formats/Images/LibGd.cs",
        "tests/Benchmarks/Raster/OpenGl.cs",
    ];

    [Theory]
    [InlineData("Jobs")]
    [InlineData("Gateway")]
    [InlineData("Studio")]
    [InlineData("Cli")]
    [InlineData("AppHost")]
    [InlineData("ServiceDefaults")]
    [InlineData("Formats")]
    [InlineData("Contracts")]
    [InlineData("Storage")]
    public void Project_StartsWithoutLibtorch(string name) => Assert.DoesNotContain(NativeStandIn, Project.All[name].Reach());

    [Fact]
    public void TorchSharp_IsReferencedInCore_ByTheTensorLibrariesOnly() =>
        Assert.Equal(TensorLibraries, Project.All.Values
            .Where(project => project.IsCore && project.References.Contains(NativeStandIn))
            .Select(project => project.Name).Order());

    [Fact]
    public void StandIns_ReferenceNothingOfOurs()
    {
        Assert.Empty(Project.All[NativeStandIn].References);
        Assert.Empty(Project.All["Hosting"].References);
        Assert.Empty(Project.All["Grpc.Core.Api"].References);
    }

    [Fact]
    public void Core_ReferencesCoreOnly() => Breaches.None(
        from project in Project.All.Values
        where project.IsCore
        from reference in project.References
        where !Project.All[reference].IsCore
        select $"{project.Name} -> {reference}");

    [Fact]
    public void Services_ReferenceNoService() => Breaches.None(
        from project in Project.All.Values
        where !project.IsTest
        from reference in project.References
        where Project.All[reference].IsService
        select $"{project.Name} -> {reference}");

    [Fact]
    public void Products_ReferenceNoTests() => Breaches.None(
        from project in Project.All.Values
        where !project.IsTest
        from reference in project.References
        where Project.All[reference].IsTest
        select $"{project.Name} -> {reference}");

    [Fact]
    public void NativeCode_IsCalledByTheStandIn_AndWhereItIsListed() => Breaches.None(Repository.Files
        .Where(file => file.EndsWith(".cs", StringComparison.Ordinal)
            && !OtherNativeCallers.Contains(file)
            && !file.StartsWith($"services/core/{NativeStandIn}/", StringComparison.Ordinal)
            && NativeCall().IsMatch(Repository.Text(file))));

    [Fact]
    public void Solution_ListsEveryProject()
    {
        var solution = Repository.Text("Realiz3D.Mesh.sln");
        var listed = ProjectLine().Matches(solution).Select(match => match.Groups[1].Value.Replace('\\', '/')).Order(StringComparer.Ordinal);

        Assert.Equal(Project.All.Values.Select(project => project.Path).Order(StringComparer.Ordinal), listed);
    }

    [Fact]
    public void ProgramsFilter_ListsEveryProgram()
    {
        using var filter = JsonDocument.Parse(Repository.Text("Programs.slnf"));
        var listed = filter.RootElement.GetProperty("solution").GetProperty("projects").EnumerateArray().Select(item => item.GetString());

        Assert.Equal(
            Project.All.Values.Where(project => project.IsProgram && !project.IsTest).Select(project => project.Path).Order(StringComparer.Ordinal),
            listed);
    }

    [Fact]
    public void Reach_FollowsReferencesOfReferences() =>
        // Guards the rules above against a reader that sees nothing.
        Assert.Superset(new HashSet<string> { "Diffusion", "TorchSharp", "Contracts" }, Project.All["Denoiser"].Reach().ToHashSet());

    [GeneratedRegex(@"\[(DllImport|LibraryImport)\b|\bNativeLibrary\.")]
    private static partial Regex NativeCall();

    [GeneratedRegex("""^Project\(.*\) = "[^"]*", "([^"]*\.csproj)",""", RegexOptions.Multiline)]
    private static partial Regex ProjectLine();
}
