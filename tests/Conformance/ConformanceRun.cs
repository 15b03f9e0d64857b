using System.Globalization;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance;

/// <summary>Runs the cases of a folder and says how far each is from its reference.</summary>
public static class ConformanceRun
{
    private const string CaseFile = "case.json";

    /// <summary>Runs the cases, one line each, sentences below a line for what is wrong; the sum in the last line.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="output">Receives the lines.</param>
    /// <returns>0 if at least one case ran and all passed, else 1.</returns>
    /// <exception cref="ArgumentException">There is nothing to run.</exception>
    public static int Run(ConformanceOptions options, TextWriter output)
    {
        if (!Directory.Exists(options.Folder))
        {
            throw new ArgumentException($"there is no folder {options.Folder}.");
        }

        var (passed, failed) = (0, 0);
        foreach (var folder in Folders(options.Folder))
        {
            var (kind, verdict) = RunCase(folder, options.Device, options.Kinds);
            if (verdict is null)
            {
                continue;
            }

            (passed, failed) = verdict.Passed ? (passed + 1, failed) : (passed, failed + 1);
            Print(output, kind, Path.GetRelativePath(options.Folder, folder), verdict);
        }

        if (passed + failed == 0)
        {
            throw new ArgumentException(options.Kinds is null
                ? $"no folder under {options.Folder} holds a {CaseFile}."
                : $"no case under {options.Folder} is of the kinds {string.Join(", ", options.Kinds)}.");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {failed} failed"));
        return failed == 0 ? 0 : 1;
    }

    /// <summary>Runs one case.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="kinds">Kinds to run; null for all.</param>
    /// <returns>Its kind ("?" if it cannot be read) and the verdict; no verdict if the kind is not wanted.</returns>
    public static (string Kind, CaseVerdict? Verdict) RunCase(string folder, Device device, IReadOnlyList<string>? kinds = null)
    {
        var kind = "?";
        try
        {
            using var scope = NewDisposeScope();
            using var golden = GoldenCase.Open(folder, device);
            kind = golden.Kind;
            if (kinds is not null && !kinds.Contains(kind))
            {
                return (kind, null);
            }

            if (!CaseRunners.ByKind.TryGetValue(kind, out var run))
            {
                return (kind, Failure($"the kind \"{kind}\" is unknown here; known are {string.Join(", ", CaseRunners.ByKind.Keys)}."));
            }

            run(golden);
            return (kind, golden.Verdict());
        }
        catch (Exception problem)
        {
            // Whatever breaks a case is a result: the next case shall still run.
            return (kind, Failure(problem.Message.Split('\n')[0]));
        }
    }

    private static IEnumerable<string> Folders(string root) =>
        Directory.EnumerateFiles(root, CaseFile, SearchOption.AllDirectories)
            .Select(file => Path.GetDirectoryName(file)!)
            .Order(StringComparer.Ordinal);

    private static CaseVerdict Failure(string problem) => new(double.NaN, double.NaN, double.NaN, double.NaN, [problem]);

    private static void Print(TextWriter output, string kind, string name, CaseVerdict verdict)
    {
        var errors = double.IsNaN(verdict.WorstAbsolute) ? "nothing compared" : string.Create(
            CultureInfo.InvariantCulture,
            $"abs {verdict.WorstAbsolute:0.0e+00}  rel {verdict.WorstRelative:0.0e+00}  tolerance {verdict.Absolute:0.#e+00} + {verdict.Relative:0.#e+00} |x|");
        output.WriteLine($"{(verdict.Passed ? "pass" : "FAIL")}  {kind,-16}  {name,-48}  {errors}");
        foreach (var problem in verdict.Problems)
        {
            output.WriteLine($"      {problem}");
        }
    }
}
