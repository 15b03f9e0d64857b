using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance;

/// <summary>What to run.</summary>
/// <param name="Folder">Folder with cases at any depth.</param>
/// <param name="Kinds">Kinds to run; null for all.</param>
/// <param name="Device">Where to compute.</param>
public sealed record ConformanceOptions(string Folder, IReadOnlyList<string>? Kinds, Device Device)
{
    /// <summary>Reads the command line.</summary>
    /// <param name="args">Arguments after the command.</param>
    /// <param name="cudaDevices">CUDA devices that are there.</param>
    /// <returns>The options.</returns>
    /// <exception cref="ArgumentException">One sentence says what is wrong.</exception>
    public static ConformanceOptions Parse(IReadOnlyList<string> args, int cudaDevices)
    {
        string? folder = null;
        string[]? kinds = null;
        var device = CPU;
        for (var i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "--kinds":
                    kinds = Value(args, ref i).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
                    break;
                case "--device":
                    device = ParseDevice(Value(args, ref i), cudaDevices);
                    break;
                case var option when option.StartsWith('-'):
                    throw new ArgumentException($"unknown option {option}.");
                case var path when folder is null:
                    folder = path;
                    break;
                default:
                    throw new ArgumentException($"one folder only: {folder} or {args[i]}?");
            }
        }

        return folder is null
            ? throw new ArgumentException("name the folder that holds the cases.")
            : new(folder, kinds, device);
    }

    private static string Value(IReadOnlyList<string> args, ref int i) => ++i < args.Count
        ? args[i]
        : throw new ArgumentException($"{args[i - 1]} needs a value.");

    private static Device ParseDevice(string name, int cudaDevices)
    {
        var index = 0;
        var known = name is "cpu" or "cuda"
            || (name.StartsWith("cuda:", StringComparison.Ordinal)
                && int.TryParse(name[5..], NumberStyles.None, CultureInfo.InvariantCulture, out index));
        return (known, name) switch
        {
            (false, _) => throw new ArgumentException($"--device {name}: say cpu, cuda or cuda:N."),
            (_, "cpu") => CPU,
            _ when index < cudaDevices => new Device(DeviceType.CUDA, index),
            _ => throw new ArgumentException($"--device {name}: libtorch sees {cudaDevices} CUDA devices."),
        };
    }
}
