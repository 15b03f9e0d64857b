using System.Text.Json.Nodes;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>A component's <c>config.json</c>.</summary>
public interface IComponentConfig
{
    /// <summary>Says in one sentence why no component can be built from this configuration.</summary>
    /// <returns>The sentence, or null when it is fine.</returns>
    string? Problem();

    /// <summary>Adds what a file leaves out and its class implies, before it is read.</summary>
    /// <param name="given">The file's keys.</param>
    static virtual void Complete(JsonObject given)
    {
    }
}

/// <summary>Checks configurations where modules are built.</summary>
internal static class ConfigProblem
{
    public static void ThrowIfAny(IComponentConfig config)
    {
        if (config.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(config));
        }
    }
}
