using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Serving;
using Realiz3D.Mesh.Storage;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>What a job follows: a control image and the ControlNet that reads it.</summary>
internal sealed class ControlUse : IDisposable
{
    private readonly LoadedControl _control;
    private readonly IDisposable _use;
    private readonly ControlImage _wire;

    private ControlUse(LoadedControl control, IDisposable use, PngImage picture, ControlImage wire) =>
        (_control, _use, Picture, _wire) = (control, use, picture, wire);

    /// <summary>A pass of the model's network that listens to the ControlNet.</summary>
    public DenoisePass Pass => _control.Pass;

    /// <summary>The ControlNet.</summary>
    public ControlNetModel Net => _control.Net;

    /// <summary>The control image.</summary>
    public PngImage Picture { get; }

    private float Start => _wire.HasStart ? _wire.Start : 0;

    private float End => _wire.HasEnd ? _wire.End : 1;

    private float Scale => _wire.HasConditioningScale ? _wire.ConditioningScale : 1;

    /// <summary>Reads what a request says.</summary>
    /// <param name="wire">What arrived; null for nothing to follow.</param>
    /// <param name="model">The model.</param>
    /// <param name="size">Size that the control image must have.</param>
    /// <param name="artifacts">Where it lies.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>What the job follows; the caller disposes it. Null for nothing.</returns>
    /// <exception cref="InvalidDataException">One sentence names the field.</exception>
    public static async Task<ControlUse?> ReadAsync(
        ControlImage? wire, LoadedModel model, GridSize size, ArtifactStore artifacts, CancellationToken cancel)
    {
        if (wire is null)
        {
            return null;
        }

        var problem = wire switch
        {
            _ when model.Controls is null => $"control must be unset: no ControlNet speaks to model {model.Name}.",
            { HasConditioningScale: true, ConditioningScale: not (>= 0 and <= 10) } => "control.conditioning_scale must be 0 to 10.",
            { HasStart: true, Start: not (>= 0 and < 1) } => "control.start must be 0 to below 1.",
            { HasEnd: true } when !(wire.End > (wire.HasStart ? wire.Start : 0) && wire.End <= 1) => "control.end must be above start and at most 1.",
            { ImageArtifactId: "" } => "control.image_artifact_id must name a picture.",
            _ => null,
        };
        if (problem is not null)
        {
            throw new InvalidDataException(problem);
        }

        const string field = "control.image_artifact_id";
        var picture = (await artifacts.ReadPictureAsync(wire.ImageArtifactId, field, cancel).ConfigureAwait(false))!;
        if ((picture.Width, picture.Height) != (size.Width, size.Height))
        {
            throw new InvalidDataException($"{field} must name a picture of {size.Width} x {size.Height} pixels, is {picture.Width} x {picture.Height}.");
        }

        var (control, use) = model.Controls!.Take(wire.Model);
        return new ControlUse(control, use, picture, wire);
    }

    /// <summary>Itself with defaults filled in, and the ControlNet's hash for its name: what a fingerprint takes in.</summary>
    public ControlImage Told => new()
    {
        Model = _control.Hash, ImageArtifactId = _wire.ImageArtifactId, ConditioningScale = Scale, Start = Start, End = End,
    };

    /// <summary>What the network is shown at a step: the control image and its weight, a row per item.</summary>
    /// <remarks>As diffusers keeps it: silent where the step is not wholly between start and end.</remarks>
    /// <param name="image">The image as the ControlNet takes it, [N, 3, H, W]; it stays the caller's.</param>
    /// <param name="step">Number of the step, from 0.</param>
    /// <param name="count">Steps that are taken.</param>
    /// <returns>Image and weights, [N]. The receiver disposes them.</returns>
    public IReadOnlyList<Tensor> Shown(Tensor image, int step, int count)
    {
        var speaks = (double)step / count >= Start && (double)(step + 1) / count <= End;
        return
        [
            image.alias().DetachFromDisposeScope(),
            full([image.shape[0]], speaks ? Scale : 0f, ScalarType.Float32, image.device).DetachFromDisposeScope(),
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => _use.Dispose();
}
