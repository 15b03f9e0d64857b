using System.Text.Json;
using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Testing;

/// <summary>A reference case: configuration, arguments, inputs and expected outputs of another library.</summary>
/// <remarks>Layout: <c>case.json</c> and <c>tensors.safetensors</c> with names weights/..., in/..., out/....</remarks>
public sealed class GoldenCase : IDisposable
{
    private readonly SafeTensorsFile _tensors;
    private readonly JsonDocument _json;
    private readonly double _relative;
    private readonly double _absolute;

    private GoldenCase(string area, string name)
    {
        Folder = Goldens.Path(area, name);
        _tensors = Goldens.Tensors(area, name);
        _json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "case.json")));
        var tolerance = _json.RootElement.GetProperty("tolerance");
        (_relative, _absolute) = (tolerance.GetProperty("rtol").GetDouble(), tolerance.GetProperty("atol").GetDouble());
    }

    /// <summary>The case's folder.</summary>
    public string Folder { get; }

    /// <summary>The library's configuration.</summary>
    public JsonElement Config => _json.RootElement.GetProperty("config");

    /// <summary>Scalar arguments of the call.</summary>
    public JsonElement Args => _json.RootElement.GetProperty("args");

    /// <summary>Opens a case.</summary>
    /// <param name="area">Area, such as "clip_text".</param>
    /// <param name="name">Case.</param>
    /// <returns>The case; the caller disposes it.</returns>
    public static GoldenCase Open(string area, string name) => new(area, name);

    /// <summary>Names of all cases of an area, for theories.</summary>
    /// <param name="area">Area.</param>
    /// <param name="prefix">Beginning of the names.</param>
    /// <returns>The names in order.</returns>
    public static IEnumerable<object[]> Names(string area, string prefix = "") =>
        Directory.GetDirectories(Goldens.Path(area))
            .Select(folder => Path.GetFileName(folder))
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => new object[] { name });

    /// <summary>Whether the case holds a tensor.</summary>
    /// <param name="name">Full name, such as "in/attention_mask".</param>
    /// <returns>True if so.</returns>
    public bool Has(string name) => _tensors.Tensors.ContainsKey(name);

    /// <summary>Reads a tensor.</summary>
    /// <param name="name">Full name, such as "in/sample".</param>
    /// <returns>The tensor; the caller or its scope disposes it.</returns>
    public Tensor Tensor(string name)
    {
        var entry = _tensors.Entry(name);
        return entry.Kind == ElementKind.F32
            ? tensor(_tensors.ReadFloats(name), [.. entry.Shape])
            : tensor(_tensors.ReadLongs(name), [.. entry.Shape]);
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
        var weights = _tensors.Tensors
            .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(
                pair => pair.Key[prefix.Length..],
                pair => new TensorData(pair.Value.Kind, [.. pair.Value.Shape], _tensors.ReadBytes(pair.Key)));
        return SafeTensorsFile.Parse(SafeTensorsWriter.ToBytes(weights), $"{Folder}:{prefix}");
    }

    /// <summary>Asserts that an output agrees with the reference within the case's tolerance.</summary>
    /// <param name="name">Full name, such as "out/sample".</param>
    /// <param name="actual">What was computed.</param>
    public void Check(string name, Tensor actual)
    {
        using var expected = Tensor(name);
        AssertTensor.Close(expected, actual, _relative, _absolute, $"{Path.GetFileName(Folder)} {name}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tensors.Dispose();
        _json.Dispose();
    }
}
