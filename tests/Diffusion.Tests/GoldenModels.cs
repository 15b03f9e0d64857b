using Realiz3D.Mesh.Testing;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion.Tests;

/// <summary>Builds modules from reference cases.</summary>
internal static class GoldenModels
{
    /// <summary>A module with the case's configuration and weights.</summary>
    public static TModule Build<TModule, TConfig>(GoldenCase golden, Func<TConfig, TModule> build)
        where TModule : Module
        where TConfig : class, IComponentConfig
    {
        var module = build(ConfigFile.Parse<TConfig>(golden.Config));
        using var weights = golden.Weights();
        Weights.Load(module, [weights], golden.Folder);
        module.eval();
        return module;
    }
}
