namespace Realiz3D.Mesh.Training;

/// <summary>Learning rate over a run: a linear warm-up by steps, then half a cosine down to a hundredth.</summary>
internal static class LearningRate
{
    private const double Floor = 0.01;

    /// <param name="peak">Highest rate.</param>
    /// <param name="step">Step, from 0.</param>
    /// <param name="warmUpSteps">Steps of the warm-up.</param>
    /// <param name="progress">Share of the run that is done, 0 to 1.</param>
    /// <returns>Rate of this step.</returns>
    public static double At(double peak, long step, int warmUpSteps, double progress)
    {
        var cosine = Floor + ((1 - Floor) * 0.5 * (1 + Math.Cos(Math.PI * Math.Clamp(progress, 0, 1))));
        var warmUp = Math.Min(1.0, (step + 1.0) / Math.Max(warmUpSteps, 1));
        return peak * warmUp * cosine;
    }
}
