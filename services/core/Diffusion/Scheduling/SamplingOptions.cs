namespace Realiz3D.Mesh.Diffusion;

/// <summary>How a job wants to be sampled; what no scheduler's file says. Options that a scheduler has no use for are refused by name.</summary>
/// <param name="Steps">Number of steps, 1 to the number of training timesteps.</param>
/// <param name="Eta">DDIM: 0 for deterministic steps, 1 for as much fresh noise as DDPM.</param>
/// <param name="UseClippedModelOutput">DDIM: noise is taken from the clamped clean estimate.</param>
/// <param name="Timesteps">DDPM and LCM: falling timesteps of the caller's choice, one for each step.</param>
/// <param name="OriginalInferenceSteps">LCM: steps of the teacher, in place of the file's.</param>
/// <param name="Strength">LCM: share of the schedule that is sampled, for image to image.</param>
/// <param name="Churn">Euler: noise that is added before steps.</param>
public sealed record SamplingOptions(
    int Steps,
    double Eta = 0,
    bool UseClippedModelOutput = false,
    IReadOnlyList<int>? Timesteps = null,
    int? OriginalInferenceSteps = null,
    double Strength = 1,
    EulerChurn? Churn = null)
{
    /// <summary>Refuses options that a sampler does not have.</summary>
    /// <param name="sampler">Its class.</param>
    /// <param name="known">Names of the options that it has.</param>
    internal void Allow(string sampler, params ReadOnlySpan<string> known)
    {
        var plain = new SamplingOptions(Steps);
        (string Name, bool Given)[] given =
        [
            (nameof(Eta), Eta != plain.Eta),
            (nameof(UseClippedModelOutput), UseClippedModelOutput),
            (nameof(Timesteps), Timesteps is not null),
            (nameof(OriginalInferenceSteps), OriginalInferenceSteps is not null),
            (nameof(Strength), Strength != plain.Strength),
            (nameof(Churn), Churn is not null),
        ];
        foreach (var (name, isGiven) in given)
        {
            if (isGiven && !known.Contains(name))
            {
                throw new ArgumentException($"{sampler} has no option {name}.");
            }
        }
    }
}

/// <summary>Noise that Euler's sampler adds before a step, and removes with it.</summary>
/// <remarks>Source: Karras et al. 2022, arXiv:2206.00364, algorithm 2.</remarks>
/// <param name="Amount">S_churn, of the whole run.</param>
/// <param name="From">S_tmin: no noise below this sigma.</param>
/// <param name="To">S_tmax: no noise above this sigma.</param>
/// <param name="NoiseScale">S_noise, factor of the noise.</param>
public sealed record EulerChurn(
    double Amount, double From = 0, double To = double.PositiveInfinity, double NoiseScale = 1);
