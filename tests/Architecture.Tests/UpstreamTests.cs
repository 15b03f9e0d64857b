using System.Diagnostics;
using System.Text.Json;

namespace Realiz3D.Mesh.Architecture.Tests;

/// <summary>What <c>-p:UpstreamPackages=true</c> makes of the references; restoring them is up to the feed.</summary>
public class UpstreamTests
{
    private static readonly string[] StandIns =
        ["TorchSharp", "Hosting", "Grpc.Core.Api", "Grpc.Net.Common", "Grpc.HealthCheck", "Grpc.Reflection"];

    [Theory]
    [InlineData("services/denoiser/Denoiser.csproj",
        "Grpc.AspNetCore", "Grpc.Net.Client", "Grpc.HealthCheck", "Grpc.Reflection", "TorchSharp", "TorchSharp-cuda-linux")]
    [InlineData("services/core/Storage/Storage.csproj", "StackExchange.Redis")]
    [InlineData("services/gateway/Gateway.csproj", "Yarp.ReverseProxy")]
    [InlineData("tests/HostingProbe/HostingProbe.csproj", "Aspire.Hosting.AppHost", "Aspire.Hosting.Redis")]
    [InlineData("web/Studio/Studio.csproj")]
    public void References_AreToPackages_AndToNoStandIn(string project, params string[] packages)
    {
        var references = Evaluate(project);

        var taken = references("PackageReference");
        Assert.Superset(packages.ToHashSet(), taken.ToHashSet());
        Assert.Empty(taken.Except(references("PackageVersion")));
        Assert.Empty(references("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)).Intersect(StandIns));
        Assert.Empty(references("Reference"));
        Assert.Empty(references("PackageDownload"));
    }

    [Fact]
    public void AppHost_TakesAspiresSdk()
    {
        // Its evaluation would need the SDK itself.
        var project = Repository.Text("aspire/AppHost/AppHost.csproj");

        Assert.Contains("""<Import Project="Sdk.props" Sdk="Aspire.AppHost.Sdk" Version="13.0.0" Condition="'$(UpstreamPackages)' == 'true'" />""", project, StringComparison.Ordinal);
        Assert.Contains("""<Import Project="Sdk.targets" Sdk="Aspire.AppHost.Sdk" Version="13.0.0" Condition="'$(UpstreamPackages)' == 'true'" />""", project, StringComparison.Ordinal);
    }

    /// <summary>The items of a project, by their kind.</summary>
    private static Func<string, IReadOnlyList<string>> Evaluate(string project)
    {
        string[] kinds = ["PackageReference", "PackageVersion", "ProjectReference", "Reference", "PackageDownload"];
        using var msbuild = Process.Start(new ProcessStartInfo(
            "dotnet",
            ["msbuild", Repository.Absolute(project), "-p:UpstreamPackages=true", .. kinds.Select(kind => $"-getItem:{kind}")])
        {
            RedirectStandardOutput = true,
        })!;
        var output = msbuild.StandardOutput.ReadToEnd();
        msbuild.WaitForExit();
        Assert.True(msbuild.ExitCode == 0, output);
        using var document = JsonDocument.Parse(output);
        var items = document.RootElement.GetProperty("Items");
        var byKind = kinds.ToDictionary(
            kind => kind,
            kind => (IReadOnlyList<string>)[.. items.GetProperty(kind).EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!)]);
        return kind => byKind[kind];
    }
}
