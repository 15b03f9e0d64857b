using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Tests;

// On the CPU: the comparison itself, in numbers that were read back.
public sealed class GoldenCaseTests : IDisposable
{
    private readonly CaseFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Verdict_PassesWhenAllAgree_AndSaysTheWorstErrors()
    {
        _folder.Write("any", ("out/a", [1f, 2f]), ("out/b", [0f]));
        var verdict = Compare(("out/a", tensor(new[] { 1f, 2.001f })), ("out/b", tensor(new[] { 5e-5f })));

        Assert.True(verdict.Passed);
        Assert.Equal(0.001, verdict.WorstAbsolute, 6);
        Assert.Equal(0.5, verdict.WorstRelative, 6);
        Assert.Equal((1e-4, 1e-3), (verdict.Absolute, verdict.Relative));
    }

    [Fact]
    public void Verdict_NamesOutputsThatWereNotProduced()
    {
        _folder.Write("any", ("out/a", [1f]), ("out/b", [0f]));
        Assert.Equal(["out/b: was not produced."], Compare(("out/a", tensor(new[] { 1f }))).Problems);
    }

    [Fact]
    public void Verdict_OfACaseWithoutOutputs_Fails()
    {
        _folder.Write("any", ("in/a", [1f]));
        Assert.Equal(["the case holds no outputs."], Compare().Problems);
    }

    [Fact]
    public void Compare_RefusesNan_EvenWhereTheReferenceHasOne()
    {
        _folder.Write("any", ("out/a", [float.NaN]));
        Assert.Equal(["out/a: holds a NaN."], Compare(("out/a", tensor(new[] { float.NaN }))).Problems);
    }

    [Fact]
    public void Compare_RefusesAnotherType()
    {
        _folder.Write("any", ("out/a", [1f]));
        Assert.Equal(["out/a: expected Float32, got Int64."], Compare(("out/a", tensor(new[] { 1L }))).Problems);
    }

    [Fact]
    public void Compare_RefusesAnotherShape()
    {
        _folder.Write("any", ("out/a", [1f]));
        Assert.Equal(["out/a: expected shape [1], got [1, 1]."], Compare(("out/a", tensor(new[] { 1f }, [1, 1]))).Problems);
    }

    [Fact]
    public void Check_OfABehaviour_StandsForOutputs()
    {
        _folder.Write("any", ("in/a", [1f]));
        using var golden = GoldenCase.Open(_folder.Path);
        golden.Check(true, "unused");
        Assert.True(golden.Verdict().Passed);
        golden.Check(false, "it was silent.");
        Assert.Equal(["it was silent."], golden.Verdict().Problems);
    }

    [Fact]
    public void Compare_WithArgsCompare_PassesOverTheOthers()
    {
        _folder.Write("any", ("out/a", [1f]), ("out/b", [0f]));
        var file = System.IO.Path.Combine(_folder.Path, "case.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"args\": {}", "\"args\": {\"compare\": [\"b\"]}", StringComparison.Ordinal));

        Assert.Equal(["out/b: was not produced.", "no output was compared."], Compare(("out/a", tensor(new[] { 9f }))).Problems);
        Assert.True(Compare(("out/a", tensor(new[] { 9f })), ("out/b", tensor(new[] { 0f }))).Passed);
    }

    private CaseVerdict Compare(params (string Name, Tensor Actual)[] outputs)
    {
        using var golden = GoldenCase.Open(_folder.Path);
        foreach (var (name, actual) in outputs)
        {
            golden.Compare(name, actual);
            actual.Dispose();
        }

        return golden.Verdict();
    }
}
