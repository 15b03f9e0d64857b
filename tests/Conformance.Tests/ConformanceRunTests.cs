using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Conformance.Tests;

public sealed class ConformanceRunTests : IDisposable
{
    private readonly CaseFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_PrintsALinePerCaseAndTheSum()
    {
        var (code, lines) = Run(Goldens.Path("transformer2d"));

        Assert.Equal(0, code);
        Assert.Equal(3, lines.Length);
        Assert.Matches(
            @"^pass  transformer2d +grad_learned_sigma +abs \d\.\de-\d\d  rel \d\.\de-\d\d  tolerance 1e-04 \+ 1e-03 \|x\|$",
            lines[0]);
        Assert.Equal("2 passed, 0 failed", lines[^1]);
    }

    [Fact]
    public void UnknownKinds_CountAsFailed_UnlessOthersAreAskedFor()
    {
        _folder.Write("cold_fusion", ("out/a", [1f]));
        var (code, lines) = Run(_folder.Path);

        Assert.Equal(1, code);
        Assert.StartsWith("FAIL  cold_fusion", lines[0], StringComparison.Ordinal);
        Assert.Contains("the kind \"cold_fusion\" is unknown here", lines[1], StringComparison.Ordinal);
        Assert.Equal("0 passed, 1 failed", lines[^1]);

        var nothing = Assert.Throws<ArgumentException>(() => Run(_folder.Path, "clip_text"));
        Assert.Contains("is of the kinds clip_text", nothing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BrokenCase_Fails_AndTheNextOneRuns()
    {
        _folder.Write("clip_text", ("out/a", [1f]));
        var next = Directory.CreateDirectory(Path.Combine(_folder.Path, "next"));
        File.WriteAllText(Path.Combine(next.FullName, "case.json"), "no json");
        var (code, lines) = Run(_folder.Path);

        Assert.Equal(1, code);
        Assert.StartsWith("FAIL  clip_text", lines[0], StringComparison.Ordinal);
        Assert.Contains("tensor \"in/input_ids\" is missing", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("FAIL  ?", lines[2], StringComparison.Ordinal);
        Assert.Equal("0 passed, 2 failed", lines[^1]);
    }

    [Fact]
    public void FoldersWithoutCases_AreRefused()
    {
        Assert.Contains("case.json", Assert.Throws<ArgumentException>(() => Run(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("no folder", Assert.Throws<ArgumentException>(() => Run(_folder.Path + "x")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { "a", "b" }, "one folder only")]
    [InlineData(new[] { "--kinds", "x" }, "name the folder")]
    [InlineData(new[] { "a", "--kinds" }, "--kinds needs a value")]
    [InlineData(new[] { "a", "--fast" }, "unknown option --fast")]
    [InlineData(new[] { "a", "--device", "tpu" }, "say cpu, cuda or cuda:N")]
    [InlineData(new[] { "a", "--device", "cuda:2" }, "libtorch sees 2 CUDA devices")]
    public void Options_SayWhatIsWrong(string[] args, string part) =>
        Assert.Contains(part, Assert.Throws<ArgumentException>(() => ConformanceOptions.Parse(args, 2)).Message, StringComparison.Ordinal);

    [Fact]
    public void Options_AreRead()
    {
        var options = ConformanceOptions.Parse(["--kinds", "a, b", "cases", "--device", "cuda:1"], 2);
        Assert.Equal(("cases", 1), (options.Folder, options.Device.index));
        Assert.Equal(["a", "b"], options.Kinds!);
    }

    private static (int Code, string[] Lines) Run(string folder, params string[] kinds)
    {
        using var output = new StringWriter();
        var code = ConformanceRun.Run(new(folder, kinds is [] ? null : kinds, TestDevice.Here), output);
        return (code, output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }
}
