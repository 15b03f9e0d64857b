using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Contracts.Jobs.V1;

namespace Realiz3D.Mesh.Jobs;

/// <summary>A request for a job, already checked.</summary>
/// <param name="Key">The client's idempotency key.</param>
/// <param name="Spec">The job.</param>
internal sealed partial record JobRequest(string Key, JobSpec Spec)
{
    private const int MaxPromptLength = 2000;
    private const int MaxStepCount = 200;
    private const int MaxGuidance = 50;

    /// <summary>SHA-256 of the job, to tell a repeated submit from another job under the same key.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Spec.ToByteArray()));

    /// <summary>Checks what the client sent. On failure, <paramref name="problem"/> says why in one sentence.</summary>
    public static bool TryParse(
        SubmitRequest wire,
        [NotNullWhen(true)] out JobRequest? request,
        [NotNullWhen(false)] out string? problem)
    {
        problem = wire switch
        {
            _ when !KeyPattern().IsMatch(wire.IdempotencyKey) =>
                "idempotency_key must have 1 to 64 characters of A-Z, a-z, 0-9, - and _.",
            { Spec: null } => "spec is not set.",
            _ => ProblemOf(wire.Spec),
        };
        request = problem is null ? new JobRequest(wire.IdempotencyKey, wire.Spec!) : null;
        return problem is null;
    }

    private static string? ProblemOf(JobSpec spec) => spec switch
    {
        { SourceCase: JobSpec.SourceOneofCase.None } => "Either prompt or scene must be set.",
        { SourceCase: JobSpec.SourceOneofCase.Prompt } when string.IsNullOrWhiteSpace(spec.Prompt) =>
            "The prompt is empty; say what to make, such as \"a glossy red ceramic vase\".",
        { SourceCase: JobSpec.SourceOneofCase.Prompt, Prompt.Length: > MaxPromptLength } =>
            $"The prompt has {spec.Prompt.Length} characters; at most {MaxPromptLength} are allowed.",
        { SourceCase: JobSpec.SourceOneofCase.Scene } when !NamePattern().IsMatch(spec.Scene) =>
            "scene must be the name of a category, such as \"vase\".",
        { HasStepCount: true, StepCount: < 1 or > MaxStepCount } =>
            $"step_count is {spec.StepCount}; it must be 1 to {MaxStepCount}.",
        { HasGuidanceScale: true, GuidanceScale: not (>= 0 and <= MaxGuidance) } => // NaN fails too
            $"guidance_scale is {spec.GuidanceScale}; it must be 0 to {MaxGuidance}.",
        _ when spec.Model.Length > 0 && !NamePattern().IsMatch(spec.Model) =>
            "model must be the name of a model, such as \"realiz3d-mini\".",
        { HasWorkClass: true, WorkClass: not (WorkClass.Preview or WorkClass.Interactive or WorkClass.Batch) } =>
            "work_class must be WORK_CLASS_PREVIEW, WORK_CLASS_INTERACTIVE or WORK_CLASS_BATCH, or not set.",
        _ => null,
    };

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex KeyPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}\z")]
    private static partial Regex NamePattern();
}
