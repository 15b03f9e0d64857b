using System.Text.RegularExpressions;

namespace Realiz3D.Mesh.Architecture.Tests;

/// <summary>Tests that make tensors make them where <c>./mesh test --device</c> says, or say why not.</summary>
public partial class DeviceTests
{
    private const string Import = "using static Realiz3D.Mesh.Testing.OnDevice;";

    /// <summary>Projects whose subject computes on the CPU, whatever the device.</summary>
    private static readonly Dictionary<string, string> CpuProjects = new()
    {
        ["tests/Trainer.Tests/"] = "The trainer runs on the CPU.",
    };

    private static IEnumerable<(string Path, string Text)> TensorTests =>
        from file in Repository.Files
        where TestFile().IsMatch(file) && !file.StartsWith("tests/Architecture.Tests/", StringComparison.Ordinal)
        let text = Repository.Text(file)
        where text.Contains("using static TorchSharp.torch;", StringComparison.Ordinal)
        select (file, text);

    [Fact]
    public void TensorsOfTests_AreMadeOnTheGivenDevice() => Breaches.None(
        from file in TensorTests
        where !IsOnTheCpu(file.Path, file.Text) && !file.Text.Contains(Import, StringComparison.Ordinal)
        from made in Factory().Matches(file.Text).Select(match => match.Value).Distinct()
        select $"{file.Path}: {made}...) makes a CPU tensor; import OnDevice below the namespace, or say \"// On the CPU: why\".");

    [Fact]
    public void TestsOnTheGivenDevice_NameNoOther() => Breaches.None(
        from file in TensorTests
        where !IsOnTheCpu(file.Path, file.Text)
        from named in FixedDevice().Matches(file.Text).Select(match => match.Value).Distinct()
        select $"{file.Path}: {named} instead of TestDevice.Here.");

    [Fact]
    public void TestsOnTheCpu_ComputeWithTensors() => Breaches.None(
        CpuProjects.Keys.Where(project => !TensorTests.Any(file => file.Path.StartsWith(project, StringComparison.Ordinal))));

    private static bool IsOnTheCpu(string path, string text) =>
        CpuReason().IsMatch(text) || CpuProjects.Keys.Any(project => path.StartsWith(project, StringComparison.Ordinal));

    [GeneratedRegex(@"^tests/\w+\.Tests/.+\.cs$")]
    private static partial Regex TestFile();

    [GeneratedRegex(@"^// On the CPU: \w.{10,}\.$", RegexOptions.Multiline)]
    private static partial Regex CpuReason();

    // Arguments that hold a device of their own are for the second rule.
    [GeneratedRegex(@"(?<![\w.])(tensor|zeros|ones|empty|full|rand|randn|randint|randperm|arange|linspace|eye)\((?![^;]*device:)")]
    private static partial Regex Factory();

    [GeneratedRegex(@"(?<=[(,:] ?)(torch\.)?(CPU|CUDA)\b|new Device\(|\.cuda\(")]
    private static partial Regex FixedDevice();
}
