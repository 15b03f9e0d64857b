using Realiz3D.Mesh.Contracts.Denoising.V1;

namespace Realiz3D.Mesh.Denoising;

/// <summary>A request to paint views with the model's defaults filled in, checked as far as its kind does not matter.</summary>
/// <param name="Wire">The request.</param>
/// <param name="StepCount">Sampler steps.</param>
/// <param name="GuidanceScale">Weight of guidance; 1 is none.</param>
internal sealed record PaintRequest(GenerateViewsRequest Wire, int StepCount, float GuidanceScale)
{
    /// <summary>Longest prompt, characters.</summary>
    public const int MaxPromptLength = 2000;

    /// <summary>Most sampler steps.</summary>
    public const int MaxStepCount = 200;

    /// <summary>The object in words.</summary>
    public string Prompt => Wire.Prompt;

    /// <summary>Key of every random number.</summary>
    public ulong Seed => Wire.Seed;

    /// <summary>Whether the network is asked without the prompt too.</summary>
    public bool IsGuided => GuidanceScale != 1;

    /// <summary>Checks what the client sent, against the model that it names.</summary>
    /// <param name="wire">What arrived.</param>
    /// <param name="model">The model.</param>
    /// <returns>The checked request.</returns>
    /// <exception cref="InvalidDataException">One sentence names the field.</exception>
    public static PaintRequest Parse(GenerateViewsRequest wire, LoadedModel model)
    {
        if (model is not IViewModel painter)
        {
            throw new InvalidDataException(
                $"model {model.Name} paints single pictures; GenerateViews needs a model of kind MODEL_KIND_VIEW_PAINTER or MODEL_KIND_IMAGE_TO_VIEWS.");
        }

        var domains = ModelKinds.Domains(model.Kind);
        var problem = wire switch
        {
            { Prompt.Length: > MaxPromptLength } => $"prompt must have at most {MaxPromptLength} characters.",
            { HasStepCount: true, StepCount: < 1 or > MaxStepCount } => $"step_count must be 1 to {MaxStepCount}.",
            { HasGuidanceScale: true, GuidanceScale: not (>= 0 and <= 50) }
                => "guidance_scale must be 0 to 50.",   // NaN fails too
            { Domain: Domain.Photo } when !domains.Contains(Domain.Photo) => "domain must be DOMAIN_SYNTHETIC: this model was not trained for photos.",
            _ when !domains.Contains(wire.Domain) => "domain must be DOMAIN_SYNTHETIC.",
            _ => null,
        };
        if (problem is not null)
        {
            throw new InvalidDataException(problem);
        }

        var (steps, guidance) = ModelKinds.Defaults(model.Kind);
        var request = new PaintRequest(
            wire, wire.HasStepCount ? wire.StepCount : steps, wire.HasGuidanceScale ? wire.GuidanceScale : guidance);
        painter.Check(request);
        return request;
    }

    /// <summary>SHA-256 of all that determines the job: the request without what only says how it is run, weights, settings and sampler.</summary>
    /// <param name="model">The model.</param>
    /// <param name="control">What it follows; null for nothing.</param>
    /// <returns>64 hexadecimal digits.</returns>
    public string Fingerprint(LoadedModel model, ControlUse? control)
    {
        var told = Wire.Clone();
        (told.StepCount, told.GuidanceScale) = (StepCount, GuidanceScale);
        (told.Model, told.ResumeArtifactId, told.SavesStates, told.IgnoresCache) = ("", "", false, false);
        told.Control = control?.Told;
        told.ClearWorkClass();
        return FinishedWork.Fingerprint(model, StepCount, told);
    }
}
