using System.Diagnostics.CodeAnalysis;
using Realiz3D.Mesh.Contracts.Denoising.V1;

namespace Realiz3D.Mesh.Denoising;

/// <summary>A request to paint views, already checked.</summary>
/// <param name="Prompt">The object in words.</param>
/// <param name="Seed">Key of every random number.</param>
/// <param name="StepCount">Sampler steps.</param>
/// <param name="GuidanceScale">Weight of guidance; 1 is none.</param>
/// <param name="Model">Name of the model; empty for the default.</param>
internal sealed record PaintRequest(string Prompt, ulong Seed, int StepCount, float GuidanceScale, string Model)
{
    /// <summary>Longest prompt, characters.</summary>
    public const int MaxPromptLength = 2000;

    /// <summary>Steps when a request sets none.</summary>
    public const int DefaultStepCount = 25;

    /// <summary>Guidance when a request sets none.</summary>
    public const float DefaultGuidanceScale = 3;

    private const int MaxStepCount = 200;

    /// <summary>Checks what the client sent. On failure, <paramref name="problem"/> says why in one sentence.</summary>
    /// <param name="wire">What arrived.</param>
    /// <param name="request">The checked request.</param>
    /// <param name="problem">What is wrong.</param>
    /// <returns>Whether it may be painted.</returns>
    public static bool TryParse(
        GenerateViewsRequest wire,
        [NotNullWhen(true)] out PaintRequest? request,
        [NotNullWhen(false)] out string? problem)
    {
        problem = wire switch
        {
            _ when string.IsNullOrWhiteSpace(wire.Prompt) || wire.Prompt.Length > MaxPromptLength
                => $"prompt must have 1 to {MaxPromptLength} characters that are not all spaces.",
            { HasStepCount: true, StepCount: < 1 or > MaxStepCount } => $"step_count must be 1 to {MaxStepCount}.",
            { HasGuidanceScale: true, GuidanceScale: not (>= 0 and <= 50) }
                => "guidance_scale must be 0 to 50.",   // NaN fails too
            { Domain: Domain.Photo } => "domain must be DOMAIN_SYNTHETIC: this model was not trained for photos.",
            { Domain: not Domain.Synthetic } => "domain must be DOMAIN_SYNTHETIC.",
            _ => null,
        };
        request = problem is not null ? null : new PaintRequest(
            wire.Prompt,
            wire.Seed,
            wire.HasStepCount ? wire.StepCount : DefaultStepCount,
            wire.HasGuidanceScale ? wire.GuidanceScale : DefaultGuidanceScale,
            wire.Model);
        return problem is null;
    }
}
