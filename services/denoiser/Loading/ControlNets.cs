using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Serving;
using TorchSharp;

namespace Realiz3D.Mesh.Denoising;

/// <summary>A ControlNet in memory beside the model that it speaks to.</summary>
/// <param name="Net">The ControlNet.</param>
/// <param name="Pass">A forward pass of the model's network that listens to it; steps with equal passes may share one.</param>
/// <param name="Hash">SHA-256 over its files.</param>
internal sealed record LoadedControl(ControlNetModel Net, DenoisePass Pass, string Hash) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Net.Dispose();
}

/// <summary>The ControlNets of a model: loaded by the first request that names them; one that nobody uses is kept.</summary>
/// <param name="parts">The model.</param>
/// <param name="unet">Form of its network.</param>
/// <param name="listen">A pass of its network that listens to a ControlNet.</param>
internal sealed class ControlNets(ModelParts parts, UNetConfig unet, Func<ControlNetModel, DenoisePass> listen) : IDisposable
{
    private const string Component = "controlnet";
    private const int Spare = 1;

    private readonly Shelf<LoadedControl> _shelf = new(Spare);

    /// <summary>Takes a ControlNet.</summary>
    /// <param name="name">Name of its folder; empty for the model's own component.</param>
    /// <returns>The ControlNet, and a use of it to dispose.</returns>
    /// <exception cref="UnknownModelException">There is none of that name.</exception>
    /// <exception cref="MalformedFileException">It cannot be loaded, or belongs to another network.</exception>
    public (LoadedControl Control, IDisposable Use) Take(string name)
    {
        var folder = name.Length == 0 ? Own() : parts.Beside(name, "ControlNet");
        return _shelf.Take(name, () => Load(folder));
    }

    /// <inheritdoc/>
    public void Dispose() => _shelf.Dispose();

    private string Own() => parts.Folder.Components.ContainsKey(Component)
        ? Path.Combine(parts.Folder.FullPath, Component)
        : throw new UnknownModelException($"Model {parts.Name} has no ControlNet of its own; control.model must name one.");

    private LoadedControl Load(string folder)
    {
        var net = ModelFolder.LoadControlNetAlone(folder);
        try
        {
            if (Misfit(net.Config) is { } key)
            {
                throw new MalformedFileException(
                    Path.Combine(folder, "config.json"), $"{key} is not that of the network of model {parts.Name}: this ControlNet belongs to another.");
            }

            net.to(parts.Device);
            var files = Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file) is ".safetensors" or ".json");
            return new LoadedControl(net, listen(net), ModelFolder.Hash(folder, files));
        }
        catch
        {
            net.Dispose();
            throw;
        }
    }

    /// <summary>The first key that says that its hints do not fit the network.</summary>
    private string? Misfit(ControlNetConfig control) => control switch
    {
        _ when control.InChannels != unet.OutChannels => "in_channels",
        _ when !control.BlockOutChannels.SequenceEqual(unet.BlockOutChannels) => "block_out_channels",
        _ when !control.DownBlockTypes.SequenceEqual(unet.DownBlockTypes) => "down_block_types",
        _ when unet.LayersPerBlock.IsList || control.LayersPerBlock != unet.LayersPerBlock[0] => "layers_per_block",
        _ when control.CrossAttentionDim != unet.CrossAttentionDim[0] => "cross_attention_dim",
        _ => null,
    };
}
