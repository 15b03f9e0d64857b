using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Storage;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Training;

/// <summary>Paints a fixed list of prompts, so that sheets of one run can be compared.</summary>
internal sealed class PromptSheet(TextCondition text, AutoencoderKL autoencoder, NoiseSchedule schedule, ulong seed)
{
    private const int Steps = 25;
    private const double GuidanceScale = 3;

    /// <summary>One prompt per category.</summary>
    public static IReadOnlyList<string> Prompts { get; } =
    [
        "a glossy red ceramic vase", "a blue plastic mug", "a white marble bowl", "a green bottle",
        "a wooden chair", "an orange table", "a yellow lamp", "a purple car",
        "a white airplane", "a brown wooden house", "a green tree", "a red mushroom",
        "a gray metal rocket", "a white snowman", "a gold sword", "a cyan robot",
    ];

    /// <summary>Paints the sheet: two prompts in a row, six views each.</summary>
    /// <param name="model">The network.</param>
    /// <param name="path">Receives the PNG.</param>
    public void Draw(Transformer2DModel model, string path)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var latents = SixViewGrid.Untile(Sample(model)) / autoencoder.Config.ScalingFactor;
        var views = (autoencoder.Decode(latents) + 1) * 0.5;
        File.WriteAllBytes(path, Picture.Sheet(views, 12).ToPng());
    }

    private Tensor Sample(Transformer2DModel model)
    {
        using var scope = NewDisposeScope();
        var n = Prompts.Count;
        var noise = new float[n * 8 * 24 * 16];
        new Philox(seed, DrawPurpose.Step).FillNormal(noise, 0);
        var sampler = new DdimScheduler(schedule, new SamplingOptions(Steps));
        using var history = new SchedulerHistory();
        var (context, mask) = text.Encode([.. Prompts, .. Enumerable.Repeat("", n)]);
        var z = tensor(noise, [n, 8, 24, 16]);
        foreach (var timestep in sampler.Timesteps)
        {
            using var inner = NewDisposeScope();
            var both = model.call(cat([z, z], 0), context, full(2 * n, (long)timestep, ScalarType.Int64), mask).chunk(2, 0);
            z = sampler.TakeStep(Guidance.Apply(both[1], both[0], GuidanceScale), z, history).Previous
                .MoveToOuterDisposeScope();
        }

        return z.MoveToOuterDisposeScope();
    }
}
