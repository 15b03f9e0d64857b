using static TorchSharp.torch;

namespace Realiz3D.Mesh.Serving.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>Steps of one number per item.</summary>
internal static class SmallSteps
{
    /// <summary>What they look like.</summary>
    public static StepKey KeyOf(DenoisePass pass)
    {
        using var scope = NewDisposeScope();
        return StepKey.Of(pass, zeros(1, 1, 1, 1), zeros(1, 1, 1));
    }

    /// <summary>Sends one and reads the first number of the answer.</summary>
    public static async Task<float> SubmitAsync(
        this StepBatcher batcher,
        DenoisePass pass,
        float value = 1,
        int items = 1,
        AnnouncedWork? job = null,
        StepOrigin? origin = null,
        CancellationToken cancel = default)
    {
        using var latents = full([items, 1, 1, 1], value).DetachFromDisposeScope();
        using var context = zeros(items, 1, 1).DetachFromDisposeScope();
        using var mask = ones(items, 1).DetachFromDisposeScope();
        var request = new StepRequest(pass, latents, [.. Enumerable.Repeat(1, items)], context, mask)
        {
            Job = job,
            Origin = origin ?? new StepOrigin(),
        };
        using var output = await batcher.RunAsync(request, cancel);
        return output.cpu().data<float>()[0];
    }
}
