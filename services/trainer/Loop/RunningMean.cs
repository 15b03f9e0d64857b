using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Training;

/// <summary>Exponential running mean of a network's weights, which samples better than the weights themselves.</summary>
/// <remarks>
/// <code>mean += (1 - d) (weights - mean),   d = min(decay, (1 + step) / (10 + step))</code>
/// The bound lets the mean forget the random start quickly. Source of the mean: Polyak and Juditsky 1992.
/// </remarks>
/// <param name="weights">The trained weights.</param>
/// <param name="means">Where the mean is kept, same order and shapes.</param>
/// <param name="decay">Memory, close to 1.</param>
internal sealed class RunningMean(Parameter[] weights, Parameter[] means, double decay)
{
    /// <summary>Moves the mean towards the weights.</summary>
    /// <param name="step">Steps done before this one.</param>
    public void Follow(int step)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var rate = 1 - Math.Min(decay, (1.0 + step) / (10.0 + step));
        for (var i = 0; i < weights.Length; i++)
        {
            means[i].add_(weights[i] - means[i], rate);
        }
    }
}
