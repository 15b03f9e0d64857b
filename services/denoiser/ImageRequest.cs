using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Denoising;

/// <summary>A request to paint one picture, with the model's defaults filled in and checked against it.</summary>
/// <param name="Wire">The request.</param>
/// <param name="Size">Rows and columns in pixels.</param>
/// <param name="StepCount">Sampler steps of a whole job.</param>
/// <param name="GuidanceScale">Weight of guidance; up to 1 is none.</param>
/// <param name="Strength">Share of the steps that are taken.</param>
internal sealed record ImageRequest(GenerateImageRequest Wire, GridSize Size, int StepCount, float GuidanceScale, float Strength)
{
    private const int SmallestSide = 16;
    private const int LargestSide = 1024;
    private const float UsualStrength = 0.8f;

    /// <summary>Picture to start from; null for none.</summary>
    public PixelImage? Picture { get; private init; }

    /// <summary>One channel of the picture's size, from 128 on painted anew; null for all of it.</summary>
    public PixelImage? Mask { get; private init; }

    /// <summary>Checks a request.</summary>
    /// <param name="wire">What arrived.</param>
    /// <param name="model">The model that it names.</param>
    /// <param name="picture">The picture that it names; null for none.</param>
    /// <param name="mask">The mask that it names; null for none.</param>
    /// <returns>The checked request.</returns>
    /// <exception cref="InvalidDataException">One sentence names the field.</exception>
    public static ImageRequest Parse(GenerateImageRequest wire, TextToImageModel model, PngImage? picture, PngImage? mask)
    {
        ScoreRequest.CheckPrompt(wire.Prompt, "prompt");
        ScoreRequest.CheckPrompt(wire.NegativePrompt, "negative_prompt");
        var problem = wire switch
        {
            { HasStepCount: true, StepCount: < 1 or > PaintRequest.MaxStepCount } => $"step_count must be 1 to {PaintRequest.MaxStepCount}.",
            { HasGuidanceScale: true, GuidanceScale: not (>= 0 and <= 50) } => "guidance_scale must be 0 to 50.",   // NaN fails too
            { HasStrength: true, Strength: not (> 0 and <= 1) } => "strength must be above 0 and at most 1.",
            { HasStrength: true } when picture is null => "strength must be unset where image_artifact_id is.",
            _ when mask is not null && picture is null => "mask_artifact_id must be empty where image_artifact_id is.",
            _ when model.Inpaints && mask is null
                => $"image_artifact_id and mask_artifact_id must be set: {model.Name} paints parts of pictures.",
            _ => null,
        };
        if (problem is not null)
        {
            throw new InvalidDataException(problem);
        }

        var (steps, guidance) = ModelKinds.Defaults(model.Kind);
        var size = new GridSize(
            Side("height", wire.HasHeight ? wire.Height : null, picture?.Height, model, grid => grid.Height),
            Side("width", wire.HasWidth ? wire.Width : null, picture?.Width, model, grid => grid.Width));
        return new ImageRequest(
            wire, size, wire.HasStepCount ? wire.StepCount : steps, wire.HasGuidanceScale ? wire.GuidanceScale : guidance,
            picture is null ? 1 : wire.HasStrength ? wire.Strength : mask is null ? UsualStrength : 1)
        {
            Picture = picture?.ToColours(),
            Mask = mask?.ToMask("mask_artifact_id", size.Width, size.Height),
        }.Checked();
    }

    /// <summary>Sampler steps that the strength leaves out.</summary>
    public int Skipped => StepCount - (int)(StepCount * Share);

    /// <summary>The strength as it is written: 0.7f is 0.7.</summary>
    public double Share => (double)(decimal)Strength;

    /// <summary>SHA-256 of all that determines the job.</summary>
    /// <param name="model">The model.</param>
    /// <param name="control">What it follows; null for nothing.</param>
    /// <param name="adapters">What the model wears.</param>
    /// <returns>64 hexadecimal digits.</returns>
    public string Fingerprint(TextToImageModel model, ControlUse? control, AdapterSet adapters)
    {
        var told = Wire.Clone();
        (told.Height, told.Width, told.StepCount, told.GuidanceScale, told.Strength) =
            (Size.Height, Size.Width, StepCount, GuidanceScale, Strength);
        (told.Model, told.IgnoresCache, told.Control) = ("", false, control?.Told);
        told.Adapters.Clear();
        told.Adapters.Add(new Adapter { Name = adapters.Hash });
        told.ClearWorkClass();
        return FinishedWork.Fingerprint(model, StepCount, told);
    }

    private ImageRequest Checked() => Skipped < StepCount
        ? this
        : throw new InvalidDataException($"strength {Strength} of {StepCount} steps leaves none; say at least {1.0 / StepCount:0.###}.");

    private static int Side(string field, int? wish, int? given, TextToImageModel model, Func<GridSize, int> extent)
    {
        var (usual, factor) = (extent(model.Network.SampleSize) * model.Factor, model.Factor);
        var side = wish ?? given ?? usual;
        return side switch
        {
            _ when given is not null && side != given => throw new InvalidDataException($"{field} must be {given}, that of the given picture, or unset."),
            _ when !model.Network.TakesAnySize && side != usual => throw new InvalidDataException($"{field} must be {usual} for this model, is {side}."),
            < SmallestSide or > LargestSide => throw Outside(),
            _ when side % factor != 0 => throw Outside(),
            _ => side,
        };

        InvalidDataException Outside() => new($"{field} must be {SmallestSide} to {LargestSide} and a multiple of {factor}, is {side}.");
    }
}
