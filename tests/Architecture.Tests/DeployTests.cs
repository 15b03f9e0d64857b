using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Realiz3D.Mesh.Architecture.Tests;

/// <summary>What is deployed is what the app host starts.</summary>
public partial class DeployTests
{
    private const string Base = "deploy/kubernetes/base";

    private static string AppHost => Repository.Text("aspire/AppHost/Program.cs");

    /// <summary>Resource names of the app host that are built from this repository, pods without their number.</summary>
    private static IEnumerable<string> Services => ServiceCall().Matches(AppHost).Select(match => match.Groups[1].Value.Replace("-{pod}", "")).Order();

    [Fact]
    public void AppHost_DeclaresTheServicesOfTheDesign() => Assert.Equal(
        ["appearance", "denoiser", "gateway", "geometry", "jobs", "metrics", "studio"], Services);

    [Fact]
    public void Dockerfile_ExistsForEveryService() => Assert.Equal(
        Services,
        Directory.GetFiles(Repository.Absolute("deploy/docker"), "*.Dockerfile").Select(file => Path.GetFileNameWithoutExtension(file)!).Order());

    [Fact]
    public void Images_AreTagged_NeverLatest() => Breaches.None(
        from file in Repository.Files
        where file.StartsWith("deploy/", StringComparison.Ordinal)
        from match in ImageLine().Matches(Repository.Text(file))
        where !match.Groups[1].Value.Contains(':', StringComparison.Ordinal) || match.Groups[1].Value.EndsWith(":latest", StringComparison.Ordinal)
        select $"{file}: {match.Value}");

    [KubectlFact]
    public void Base_IsAcceptedByKustomize_WithADeploymentPerService()
    {
        using var kubectl = Process.Start(new ProcessStartInfo("kubectl", ["kustomize", Repository.Absolute(Base)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = kubectl.StandardError.ReadToEndAsync();
        var manifests = kubectl.StandardOutput.ReadToEnd().Split("\n---\n");
        kubectl.WaitForExit();

        Assert.True(kubectl.ExitCode == 0, errors.Result);
        Assert.Equal(Services, NamesOf(manifests, "Deployment"));
        Assert.Equal(["cache", "queue"], NamesOf(manifests, "StatefulSet"));
        Assert.Equal(Services.Concat(["cache", "queue"]).Order(), NamesOf(manifests, "Service"));
    }

    private static IEnumerable<string> NamesOf(string[] manifests, string kind) => manifests
        .Where(manifest => manifest.Contains($"\nkind: {kind}\n", StringComparison.Ordinal))
        .Select(manifest => NameLine().Match(manifest).Groups[1].Value)
        .Order();

    [GeneratedRegex("""Add(?:Service|Project)\(\$?"([^"]+)",""")]
    private static partial Regex ServiceCall();

    [GeneratedRegex(@"^(?:FROM| +image:) (?!realiz3d/)(\S+)", RegexOptions.Multiline)]
    private static partial Regex ImageLine();

    [GeneratedRegex(@"^metadata:\n(?:  .*\n)*?  name: (\S+)$", RegexOptions.Multiline)]
    private static partial Regex NameLine();
}

/// <summary>A test that needs kubectl, which works offline here.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KubectlFactAttribute : FactAttribute
{
    public KubectlFactAttribute()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, "kubectl"))))
        {
            Skip = "kubectl is not installed (Debian: kubernetes-client).";
        }
    }
}
