using System.Text.Json;
using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Testing;

/// <summary>A reference case: configuration, arguments, inputs and expected outputs of another library.</summary>
/// <remarks>
/// Layout: <c>case.json</c> and <c>tensors.safetensors</c> with names weights/..., in/..., out/.... Booleans are stored as
/// bytes under a name that ends in ":bool"; here they go by the name without it.
/// </remarks>
public sealed class GoldenCase : IDisposable
{
    private const string BoolSuffix = ":bool";
    private const string Outputs = "out/";

    private readonly JsonDocument _json;
    private readonly Lazy<SafeTensorsFile> _tensors;
    private readonly Dictionary<string, TensorComparison> _compared = [];
    private readonly HashSet<string> _passedOver = [];
    private readonly List<string> _problems = [];
    private readonly HashSet<string>? _wanted; // args.compare: what is required; null for all
    private bool _checked;

    private GoldenCase(string folder, Device? device)
    {
        (Folder, Device) = (folder, device ?? CPU);
        _json = JsonDocument.Parse(PythonJson.ToJson(File.ReadAllBytes(Path.Combine(folder, "case.json"))));
        _tensors = new(() => SafeTensorsFile.Open(Path.Combine(folder, "tensors.safetensors")));
        Kind = _json.RootElement.GetProperty("kind").GetString()!;
        _wanted = Args.TryGetProperty("compare", out var wanted) && wanted.ValueKind == JsonValueKind.Array
            ? [.. wanted.EnumerateArray().Select(name => name.GetString()!)]
            : null;
        var tolerance = _json.RootElement.GetProperty("tolerance");
        (Relative, Absolute) = (tolerance.GetProperty("rtol").GetDouble(), tolerance.GetProperty("atol").GetDouble());
    }

    /// <summary>The case's folder.</summary>
    public string Folder { get; }

    /// <summary>Where to compute.</summary>
    public Device Device { get; }

    /// <summary>Says how the case is run.</summary>
    public string Kind { get; }

    /// <summary>Tolerance relative to the expected value.</summary>
    public double Relative { get; }

    /// <summary>Tolerance in the unit of the outputs.</summary>
    public double Absolute { get; }

    /// <summary>The library's configuration.</summary>
    public JsonElement Config => _json.RootElement.GetProperty("config");

    /// <summary>Scalar arguments of the call.</summary>
    public JsonElement Args => _json.RootElement.GetProperty("args");

    /// <summary>Opens a case.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="device">Where to compute; the CPU if not given.</param>
    /// <returns>The case; the caller disposes it.</returns>
    public static GoldenCase Open(string folder, Device? device = null) => new(folder, device);

    /// <summary>Whether the case holds a tensor.</summary>
    /// <param name="name">Full name, such as "in/attention_mask".</param>
    /// <returns>True if so.</returns>
    public bool Has(string name) =>
        _tensors.Value.Tensors.ContainsKey(name) || _tensors.Value.Tensors.ContainsKey(name + BoolSuffix);

    /// <summary>Reads a tensor to the case's device: float32, int64 or bool.</summary>
    /// <param name="name">Full name, such as "in/sample".</param>
    /// <returns>The tensor; the caller or its scope disposes it.</returns>
    public Tensor Tensor(string name)
    {
        using var scope = NewDisposeScope();
        var boolean = _tensors.Value.Tensors.ContainsKey(name + BoolSuffix);
        var stored = boolean ? name + BoolSuffix : name;
        var entry = _tensors.Value.Entry(stored);
        var read = entry.Kind == ElementKind.F32
            ? tensor(_tensors.Value.ReadFloats(stored), [.. entry.Shape])
            : tensor(_tensors.Value.ReadLongs(stored), [.. entry.Shape]);
        return (boolean ? read.to(ScalarType.Bool) : read).to(Device).MoveToOuterDisposeScope();
    }

    /// <summary>Reads a tensor if there is one.</summary>
    /// <param name="name">Full name.</param>
    /// <returns>The tensor or null.</returns>
    public Tensor? TensorOrNull(string name) => Has(name) ? Tensor(name) : null;

    /// <summary>The weights, as a safetensors file of their own, named as in the library.</summary>
    /// <param name="prefix">Beginning of the names to take and to cut off.</param>
    /// <returns>The file in memory; the caller disposes it.</returns>
    public SafeTensorsFile Weights(string prefix = "weights/")
    {
        var weights = _tensors.Value.Tensors
            .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(
                pair => pair.Key[prefix.Length..],
                pair => new TensorData(pair.Value.Kind, [.. pair.Value.Shape], _tensors.Value.ReadBytes(pair.Key)));
        return SafeTensorsFile.Parse(SafeTensorsWriter.ToBytes(weights), $"{Folder}:{prefix}");
    }

    /// <summary>Whether a result counts; args.compare names those that do, without it all do.</summary>
    /// <param name="name">Name of the result, such as "area".</param>
    /// <returns>True if so.</returns>
    public bool Wants(string name) => _wanted is null || _wanted.Contains(name);

    /// <summary>Compares an output with the reference, type and shape included; one that the case does not hold or want is passed over.</summary>
    /// <param name="name">Full name, such as "out/sample".</param>
    /// <param name="actual">What was computed.</param>
    /// <param name="absolute">Absolute tolerance of this output, where the case's notes give it one of its own.</param>
    public void Compare(string name, Tensor actual, double? absolute = null)
    {
        if (!Has(name) || !Wants(ResultOf(name)))
        {
            return;
        }

        using var scope = NewDisposeScope();
        var expected = Tensor(name);
        // What counts or names something has no rounding: a large index that is off by one is as wrong as a small one.
        var relative = expected.dtype == ScalarType.Float32 ? Relative : 0;
        var comparison = TensorComparison.Of(expected, actual, relative, absolute ?? Absolute);
        _compared[name] = comparison;
        if (expected.dtype != actual.dtype)
        {
            _problems.Add($"{name}: expected {expected.dtype}, got {actual.dtype}.");
        }

        if (comparison.Problem(name) is { } problem)
        {
            _problems.Add(problem);
        }
        else if (AssertTensor.Values(actual).Any(double.IsNaN))
        {
            _problems.Add($"{name}: holds a NaN.");
        }
    }

    /// <summary>Passes over an output that holds another convention's answer, an aid, or more than the notes compare.</summary>
    /// <param name="names">Full names; those that the case does not hold are no fault.</param>
    public void PassOver(params IEnumerable<string> names) => _passedOver.UnionWith(names);

    /// <summary>Compares an output where a mask is true.</summary>
    /// <param name="name">Full name.</param>
    /// <param name="actual">What was computed; of the reference's shape.</param>
    /// <param name="mask">Which values count, bool; of a shape that spreads over the reference's.</param>
    public void CompareWhere(string name, Tensor actual, Tensor mask)
    {
        if (Has(name))
        {
            using var scope = NewDisposeScope();
            var expected = Tensor(name);
            Compare(name, where(mask.expand(expected.shape), actual, expected));
        }
    }

    /// <summary>Notes a fault that no tensor shows.</summary>
    /// <param name="problem">One sentence.</param>
    public void Fail(string problem) => _problems.Add(problem);

    /// <summary>Checks a behaviour that no tensor shows, as cases without outputs ask for.</summary>
    /// <param name="holds">Whether it was seen.</param>
    /// <param name="problem">One sentence for when it was not.</param>
    public void Check(bool holds, string problem)
    {
        _checked = true;
        if (!holds)
        {
            Fail(problem);
        }
    }

    /// <summary>What the comparisons say. Every output that the case wants must have been compared or passed over, and one at least compared.</summary>
    /// <returns>The verdict.</returns>
    public CaseVerdict Verdict()
    {
        var outputs = _tensors.Value.Tensors.Keys
            .Where(name => name.StartsWith(Outputs, StringComparison.Ordinal))
            .Select(name => name.EndsWith(BoolSuffix, StringComparison.Ordinal) ? name[..^BoolSuffix.Length] : name)
            .Where(name => Wants(ResultOf(name)))
            .ToArray();
        var missing = outputs.Except(_compared.Keys).Except(_passedOver).Order(StringComparer.Ordinal).Select(name => $"{name}: was not produced.");
        string[] none = _checked || _compared.Count > 0 ? [] : outputs.Length == 0 ? ["the case holds no outputs."] : ["no output was compared."];
        return new(
            _compared.Values.Select(c => c.WorstAbsolute).DefaultIfEmpty(double.NaN).Max(),
            _compared.Values.Select(c => c.WorstRelative).DefaultIfEmpty(double.NaN).Max(),
            Absolute,
            Relative,
            [.. _problems, .. missing, .. none]);
    }

    private static string ResultOf(string name) => name.StartsWith(Outputs, StringComparison.Ordinal) ? name[Outputs.Length..] : name;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_tensors.IsValueCreated)
        {
            _tensors.Value.Dispose();
        }

        _json.Dispose();
    }
}

/// <summary>How far a case's outputs are from the reference.</summary>
/// <param name="WorstAbsolute">Largest error of any output; NaN if none was compared.</param>
/// <param name="WorstRelative">Largest error relative to max(|expected|, absolute tolerance).</param>
/// <param name="Absolute">The case's absolute tolerance.</param>
/// <param name="Relative">The case's tolerance relative to the expected value.</param>
/// <param name="Problems">What is wrong, a sentence each; none if the case passes.</param>
public sealed record CaseVerdict(
    double WorstAbsolute, double WorstRelative, double Absolute, double Relative, IReadOnlyList<string> Problems)
{
    /// <summary>Whether every output agrees.</summary>
    public bool Passed => Problems.Count == 0;
}
