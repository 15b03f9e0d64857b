using System.Diagnostics;
using System.Text.Json;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Formats.Tests;

/// <summary>The malformed files of tests/goldens/geometry/bad_inputs and what may happen when they are read.</summary>
public static class BadInputs
{
    public static TheoryData<string, string> Of(string format)
    {
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Goldens.Path("geometry", "bad_inputs", "manifest.json")));
        var rows = new TheoryData<string, string>();
        foreach (var entry in manifest.RootElement.GetProperty("files").EnumerateArray())
        {
            if (entry.GetProperty("format").GetString() == format)
            {
                rows.Add(entry.GetProperty("file").GetString()!, entry.GetProperty("outcome").GetString()!);
            }
        }

        return rows;
    }

    public static void Check(string file, string outcome, Action<byte[]> read)
    {
        var bytes = File.ReadAllBytes(Goldens.Path("geometry", "bad_inputs", file));
        var clock = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();

        var thrown = Record.Exception(() => read(bytes));

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 << 20, "It allocated more than 64 MiB.");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"It took {clock.Elapsed}.");
        Assert.True(
            thrown is MalformedFileException || (thrown is null && outcome == "error_or_ignore"),
            $"{outcome} expected, got {thrown?.ToString() ?? "no error"}.");
    }
}
