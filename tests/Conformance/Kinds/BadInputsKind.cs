using System.Diagnostics;
using System.Text.Json;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>Malformed files: each must give one typed error, or where that is allowed a sound result, in little time and memory.</summary>
/// <remarks>Readers get bytes and no path, so that they cannot reach beyond them.</remarks>
internal static class BadInputsKind
{
    public static void Run(GoldenCase golden)
    {
        using var manifest = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(golden.Folder, golden.Args.GetProperty("manifest").GetString()!)));
        var files = manifest.RootElement.GetProperty("files").EnumerateArray().ToArray();
        golden.Compare("in/count", tensor((long)files.Length));
        golden.Check(files.Length == golden.Args.GetProperty("count").GetInt32(), $"the manifest lists {files.Length} files.");
        var limits = golden.Args.GetProperty("limits");
        var time = TimeSpan.FromSeconds(limits.GetProperty("seconds_per_file").GetDouble());
        var memory = limits.GetProperty("extra_memory_mb").GetInt64() << 20;
        foreach (var entry in files)
        {
            var name = entry.GetProperty("file").GetString()!;
            var bytes = File.ReadAllBytes(Path.Combine(golden.Folder, name));
            var problem = Try(bytes, name, entry.GetProperty("format").GetString()!, entry.GetProperty("outcome").GetString()!, time, memory);
            golden.Check(problem is null, $"{name}: {problem}");
        }
    }

    private static string? Try(byte[] bytes, string name, string format, string outcome, TimeSpan time, long memory)
    {
        var (thrown, fault, allocated) = (default(Exception), default(string), 0L);
        var reading = new Thread(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                fault = Read(bytes, name, format);
            }
            catch (Exception problem) // whatever comes out is the result
            {
                thrown = problem;
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        })
        {
            IsBackground = true,
        };
        var clock = Stopwatch.StartNew();
        reading.Start();
        if (!reading.Join(time))
        {
            return $"still not read after {time.TotalSeconds} s.";
        }

        return (thrown, outcome) switch
        {
            _ when allocated > memory => $"reading it allocated {allocated >> 20} MB.",
            (MalformedFileException { Message: var message }, _) when message.Contains('\n', StringComparison.Ordinal) => "the error is more than one line.",
            (MalformedFileException, _) => null,
            (not null, _) => $"{thrown.GetType().Name} in place of a typed error: {thrown.Message}",
            (null, "error_or_ignore") => fault is null ? null : $"what was read is unsound: {fault}",
            _ => $"no error after {clock.Elapsed.TotalSeconds:F1} s.",
        };
    }

    /// <summary>Reads a file; returns what is unsound about the result.</summary>
    private static string? Read(byte[] bytes, string name, string format)
    {
        switch (format)
        {
            case "glb":
                return Glb.Read(bytes, name).Mesh.Fault();
            case "obj":
                return Obj.Read(bytes, name).ToMesh().Fault();
            case "ply":
                return Ply.Read(bytes, name).Mesh.Fault();
            case "png":
                _ = Png.Read(bytes, name);
                return null;
            default:
                throw new NotSupportedException($"the format {format} is not read here; glb, obj, ply and png are.");
        }
    }
}
