using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimizer remembers of one parameter.</summary>
public abstract class OptimizerState
{
    public readonly Parameter _parameter;

    protected OptimizerState(Parameter parameter) => _parameter = parameter;

    /// <summary>Makes the state before the first step.</summary>
    public abstract void Initialize(OptimizerOptions options);

    public abstract void SaveStateDict(BinaryWriter writer);

    public abstract void LoadStateDict(BinaryReader reader);

    /// <summary>Zeros in the parameter's shape, type and place, which live as long as the state.</summary>
    private protected Tensor Zeros() => zeros_like(_parameter).DetachFromDisposeScope();

    /// <summary>Writes the elements of those tensors that there are.</summary>
    private protected static void Save(BinaryWriter writer, params ReadOnlySpan<Tensor?> tensors)
    {
        foreach (var tensor in tensors)
        {
            if (tensor is not null)
            {
                using var detached = tensor.detach();
                using var host = detached.cpu();
                using var row = host.contiguous();
                writer.Write(row.bytes);
            }
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote into the same tensors.</summary>
    private protected static void Load(BinaryReader reader, params ReadOnlySpan<Tensor?> tensors)
    {
        using var unrecorded = no_grad();
        foreach (var tensor in tensors)
        {
            if (tensor is not null)
            {
                using var read = empty(tensor.shape, tensor.dtype);
                reader.BaseStream.ReadExactly(read.bytes);
                tensor.copy_(read).Dispose();
            }
        }
    }

    private protected static void End(params ReadOnlySpan<Tensor?> tensors)
    {
        foreach (var tensor in tensors)
        {
            tensor?.Dispose();
        }
    }
}
