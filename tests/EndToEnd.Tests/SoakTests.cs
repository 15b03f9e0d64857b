using System.Diagnostics;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.EndToEnd.Tests;

/// <summary>The soak in short: what its calls leave behind, not what they do to memory.</summary>
[Collection("mesh")]
public sealed class SoakTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(9);

    [Fact]
    public async Task ThousandMixedCalls_ManyCutShort_LeaveNoCallAndNoTensor()
    {
        using var soak = Process.Start(new ProcessStartInfo("dotnet", [RunningMesh.ProgramPath("Benchmarks"), "soak", "--calls", "1000"])
        {
            RedirectStandardOutput = true,
        })!;

        var report = await soak.StandardOutput.ReadToEndAsync().WaitAsync(s_patience);
        await soak.WaitForExitAsync();

        Assert.True(soak.ExitCode == 0, report);
    }
}
