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

    /// <summary>Finds what lies beside the model in the folder of models.</summary>
    /// <param name="name">A folder's name, never a way out of the folder of models.</param>
    /// <param name="what">What is looked for.</param>
    /// <returns>Its path.</returns>
    /// <exception cref="UnknownModelException">There is none.</exception>
    public string Beside(string name, string what)
    {
        var models = Path.GetDirectoryName(Folder.FullPath)!;
        var path = Path.Combine(models, name);
        return name == Path.GetFileName(name) && name is not ("." or "..") && Directory.Exists(path)
            ? path
            : throw new UnknownModelException($"There is no {what} \"{name}\" in {models}.");
    }

    /// <inheritdoc/>
    public void Dispose() => _owned.ForEach(part => part.Dispose());
}
