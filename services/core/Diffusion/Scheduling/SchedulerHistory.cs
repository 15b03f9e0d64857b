using System.Globalization;
using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>What a job's sampler must remember from step to step: plain data, saved and restored with the job.</summary>
/// <param name="index">Place in the sampler's timesteps at which the job starts: 0, or later for image to image.</param>
public sealed class SchedulerHistory(int index = 0) : IDisposable
{
    private readonly List<Tensor> _outputs = [];

    /// <summary>Place in the sampler's timesteps of the next step.</summary>
    public int Index { get; private set; } = index;

    /// <summary>Steps taken.</summary>
    public int Calls { get; private set; }

    /// <summary>Earlier outputs of the network, as the sampler converted them, newest last.</summary>
    public IReadOnlyList<Tensor> Outputs => _outputs;

    /// <summary>An earlier latent from which a later step starts again, if the sampler keeps one.</summary>
    public Tensor? Sample { get; private set; }

    /// <summary>A weighted sum of outputs, if the sampler keeps one.</summary>
    public Tensor? Sum { get; private set; }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="bytes">Saved history.</param>
    /// <param name="device">Where the tensors shall lie; the CPU if not given.</param>
    /// <returns>The history. The caller disposes it.</returns>
    /// <exception cref="MalformedFileException">The bytes are no saved history.</exception>
    public static SchedulerHistory Restore(ReadOnlyMemory<byte> bytes, Device? device = null)
    {
        const string name = "scheduler history";
        using var scope = NewDisposeScope();
        using var file = SafeTensorsFile.Parse(bytes, name);
        using var tensors = new MappedTensors(file);
        Tensor? Read(string key) => file.Tensors.ContainsKey(key)
            ? tensors.Get(key).to(device ?? CPU).DetachFromDisposeScope()
            : null;
        int Number(string key) => file.Metadata.TryGetValue(key, out var text)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new MalformedFileException(name, $"the number \"{key}\" is missing.");

        var history = new SchedulerHistory(Number("index")) { Calls = Number("calls"), Sample = Read("sample"), Sum = Read("sum") };
        while (Read($"outputs.{history._outputs.Count}") is { } output)
        {
            history._outputs.Add(output);
        }

        return history;
    }

    /// <summary>Writes everything as a safetensors file; <see cref="Restore"/> gives back the same bits.</summary>
    /// <returns>The file.</returns>
    public byte[] Save()
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, TensorData>();
        void Add(string key, Tensor tensor)
        {
            var host = tensor.cpu().contiguous();
            tensors.Add(key, new TensorData(KindOf(host.dtype), host.shape, host.bytes.ToArray()));
        }

        for (var i = 0; i < _outputs.Count; i++)
        {
            Add($"outputs.{i}", _outputs[i]);
        }

        if (Sample is not null)
        {
            Add("sample", Sample);
        }

        if (Sum is not null)
        {
            Add("sum", Sum);
        }

        return SafeTensorsWriter.ToBytes(tensors, new Dictionary<string, string>
        {
            ["index"] = Index.ToString(CultureInfo.InvariantCulture),
            ["calls"] = Calls.ToString(CultureInfo.InvariantCulture),
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _outputs.ForEach(output => output.Dispose());
        _outputs.Clear();
        KeepSample(null);
        KeepSum(null);
    }

    /// <summary>A step is done.</summary>
    internal void Advance() => (Index, Calls) = (Index + 1, Calls + 1);

    /// <summary>Keeps a copy of an output and forgets the oldest beyond a number.</summary>
    internal void KeepOutput(Tensor output, int most)
    {
        _outputs.Add(Copy(output));
        while (_outputs.Count > most)
        {
            _outputs[0].Dispose();
            _outputs.RemoveAt(0);
        }
    }

    /// <summary>Keeps a copy of a latent in place of the last one.</summary>
    internal void KeepSample(Tensor? sample)
    {
        var kept = sample is null ? null : Copy(sample);
        Sample?.Dispose();
        Sample = kept;
    }

    /// <summary>Keeps a copy of a sum in place of the last one.</summary>
    internal void KeepSum(Tensor? sum)
    {
        var kept = sum is null ? null : Copy(sum);
        Sum?.Dispose();
        Sum = kept;
    }

    private static Tensor Copy(Tensor tensor)
    {
        using var detached = tensor.detach();
        return detached.clone().DetachFromDisposeScope();
    }

    private static ElementKind KindOf(ScalarType type) => type switch
    {
        ScalarType.Float32 => ElementKind.F32,
        ScalarType.Float64 => ElementKind.F64,
        ScalarType.Float16 => ElementKind.F16,
        ScalarType.BFloat16 => ElementKind.BF16,
        _ => throw new ArgumentException($"Latents of type {type} cannot be saved."),
    };
}
