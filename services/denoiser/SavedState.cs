using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>A job between two steps as an artifact: latents, step, and what the sampler remembers.</summary>
/// <remarks>
/// One safetensors file: <c>latents</c> F32 [K, C, H, W]; <c>history</c> U8, the sampler's own file; metadata <c>job</c>, the fingerprint
/// of the request and model that it belongs to. Another pod that goes on from it ends with the same bytes.
/// </remarks>
/// <param name="bytes">The file.</param>
/// <param name="fingerprint">Of the job that wants to go on.</param>
internal sealed class SavedState(byte[] bytes, string fingerprint)
{
    private const string Field = "resume_artifact_id";
    private const string JobKey = "job";

    /// <summary>Writes a job down.</summary>
    /// <param name="sampling">The job, between two steps.</param>
    /// <param name="fingerprint">Of its request and model.</param>
    /// <returns>The file.</returns>
    public static byte[] Save(GuidedSampling sampling, string fingerprint)
    {
        using var scope = NewDisposeScope();
        var latents = sampling.Latents.cpu().contiguous();
        var history = sampling.History.Save();
        return SafeTensorsWriter.ToBytes(
            new Dictionary<string, TensorData>
            {
                ["latents"] = new(ElementKind.F32, latents.shape, latents.bytes.ToArray()),
                ["history"] = new(ElementKind.U8, [history.Length], history),
            },
            new Dictionary<string, string> { [JobKey] = fingerprint });
    }

    /// <summary>Reads where the job stood.</summary>
    /// <param name="shape">Shape that its latents must have.</param>
    /// <param name="sampler">Its sampler.</param>
    /// <param name="device">Where the tensors go.</param>
    /// <returns>Both; the caller disposes them.</returns>
    /// <exception cref="InvalidDataException">The file is no state, or that of another job.</exception>
    public (Tensor Latents, SchedulerHistory History) Restore(long[] shape, IScheduler sampler, Device device)
    {
        try
        {
            using var scope = NewDisposeScope();
            using var file = SafeTensorsFile.Parse(bytes, Field);
            if (file.Metadata.GetValueOrDefault(JobKey) != fingerprint)
            {
                throw new InvalidDataException(
                    $"{Field} names no state of this job: request, model and weights must be those it was saved with.");
            }

            var (latents, entry) = (file.ReadFloats("latents"), file.Entry("latents"));
            var history = SchedulerHistory.Restore(file.ReadBytes("history"), device);
            if (!entry.Shape.SequenceEqual(shape) || history.Index >= sampler.Timesteps.Count || history.Outputs.Any(o => !o.shape.SequenceEqual(shape)))
            {
                history.Dispose();
                throw new InvalidDataException($"{Field} names a state that does not fit its own job.");
            }

            return (tensor(latents, shape).to(device).DetachFromDisposeScope(), history);
        }
        catch (MalformedFileException broken)
        {
            throw new InvalidDataException($"{Field} names no state of a job: {broken.Message}", broken);
        }
    }
}
