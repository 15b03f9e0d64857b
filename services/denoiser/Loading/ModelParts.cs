using Realiz3D.Mesh.Diffusion;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>What a model is loaded from, and what has been loaded so far; disposed, all of that goes.</summary>
/// <param name="name">Name of the model.</param>
/// <param name="folder">Its open folder.</param>
/// <param name="device">Where its networks go.</param>
internal sealed class ModelParts(string name, ModelFolder folder, Device device) : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    /// <summary>Name of the model.</summary>
    public string Name { get; } = name;

    /// <summary>Its folder.</summary>
    public ModelFolder Folder { get; } = folder;

    /// <summary>Where its networks go.</summary>
    public Device Device { get; } = device;

    /// <summary>Takes a part over.</summary>
    /// <typeparam name="T">Type of the part.</typeparam>
    /// <param name="part">A network goes to the device.</param>
    /// <returns>The part.</returns>
    public T Own<T>(T part) where T : IDisposable
    {
        _owned.Add(part);
        (part as nn.Module)?.to(Device);
        return part;
    }

    /// <inheritdoc/>
    public void Dispose() => _owned.ForEach(part => part.Dispose());
}
