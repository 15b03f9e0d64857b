using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Conformance;

/// <summary>Builds networks from reference cases.</summary>
public static class CaseModels
{
    /// <summary>A network with the case's configuration and weights, on the case's device, in evaluation mode.</summary>
    /// <typeparam name="TModule">The network.</typeparam>
    /// <typeparam name="TConfig">Its configuration.</typeparam>
    /// <param name="golden">The case.</param>
    /// <param name="build">Builds the network.</param>
    /// <param name="component">Component of a case with several: config.component and weights/component/; none for the only one.</param>
    /// <returns>The network; the caller disposes it.</returns>
    public static TModule Build<TModule, TConfig>(GoldenCase golden, Func<TConfig, TModule> build, string? component = null)
        where TModule : Module
        where TConfig : class, IComponentConfig
    {
        var config = component is null ? golden.Config : golden.Config.GetProperty(component);
        var module = build(ConfigFile.Parse<TConfig>(config));
        using var weights = golden.Weights(component is null ? "weights/" : $"weights/{component}/");
        Weights.Load(module, [weights], golden.Folder);
        module.eval();
        return module.to(golden.Device);
    }
}
