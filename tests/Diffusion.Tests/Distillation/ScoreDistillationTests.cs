using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class ScoreDistillationTests
{
    private static readonly NoiseSchedule Schedule = new(new SchedulerConfig(
        BetaStart: 0.00085, BetaEnd: 0.012, BetaSchedule: BetaSchedule.ScaledLinear));

    [Fact]
    public void Weights_AreTheNoisesPower_One_OrFantasia3ds()
    {
        var signal = Schedule.AlphasCumprod[400];

        Assert.Equal(1 - signal, ScoreDistillation.Weight(Schedule, 400, DistillationWeighting.Sds));
        Assert.Equal(1, ScoreDistillation.Weight(Schedule, 400, DistillationWeighting.Uniform));
        Assert.Equal(Math.Sqrt(signal) * (1 - signal), ScoreDistillation.Weight(Schedule, 400, DistillationWeighting.Fantasia3d));
    }

    [Fact]
    public void Loss_SendsTheGradientOverTheBatch_AndNothingToTheDenoiser()
    {
        using var scope = NewDisposeScope();
        var (latents, factor) = (Numbers(1).requires_grad_(true), tensor(0.8).requires_grad_(true));
        var (noise, weights) = (Numbers(2), new[] { 0.3, 0.6 });
        var predicted = latents.detach() * factor;

        var gradient = ScoreDistillation.Gradient(predicted, noise, weights);
        var loss = ScoreDistillation.Loss(latents, gradient);
        loss.backward();

        var expected = (predicted.detach() - noise) * tensor(weights).reshape(2, 1, 1, 1);
        AssertTensor.Close(expected / 2, latents.grad!, 1e-9, 1e-12);
        AssertTensor.Close(expected.square().sum() / 4, loss.detach(), 1e-9, 1e-12);
        Assert.False(gradient.requires_grad);
        AssertTensor.Equal(zeros_like(noise), ScoreDistillation.Gradient(noise, noise, weights));
    }

    [Fact]
    public void Gradient_DropsWhatIsNoNumber_AndClips()
    {
        using var scope = NewDisposeScope();
        var predicted = tensor([double.NaN, 3, -5, 0.2], [1, 4]);

        var gradient = ScoreDistillation.Gradient(predicted, zeros_like(predicted), [0.5], clip: 1);
        Assert.Equal([0, 1, -1, 0.1], AssertTensor.Values(gradient));
    }

    [Fact]
    public void ClassifierGradient_IsWhatThePromptAdds()
    {
        using var scope = NewDisposeScope();
        var (text, empty) = (Numbers(3), Numbers(4));

        AssertTensor.Close((text - empty) * 0.25, ScoreDistillation.ClassifierGradient(text, empty, [0.25, 0.25]), 1e-12, 1e-14);
    }

    [Fact]
    public void GuidanceForms_DifferByOne()
    {
        using var scope = NewDisposeScope();
        var (text, empty) = (Numbers(5), Numbers(6));
        var strong = Guidance.Apply(empty, text, Guidance.Scale(7.5, GuidanceForm.FromConditional));

        AssertTensor.Close(text + (text - empty) * 7.5, strong, 1e-9, 1e-12);
        Assert.Equal(7.5, Guidance.Scale(7.5, GuidanceForm.FromUnconditional));
    }

    [Fact]
    public void PerpNeg_CountsOnlyWhatIsNotInThePrompt()
    {
        using var scope = NewDisposeScope();
        var (text, empty) = (Numbers(7), Numbers(8));
        var wanted = text - empty;
        var weights = tensor([-1.0, -2], [2, 1]);

        // A negative along the prompt changes nothing; one across it is pushed away from in full.
        AssertTensor.Close(
            Guidance.Apply(empty, text, 4), PerpNeg.Apply(empty, text, [empty + wanted * 3], weights, 4), 1e-9, 1e-12);
        var other = Numbers(9);
        long[] axes = [1, 2, 3];
        var across = other - wanted * ((other * wanted).sum(axes, keepdim: true) / wanted.square().sum(axes, keepdim: true));
        AssertTensor.Close(
            empty + (wanted + across * weights.reshape(2, 1, 1, 1)) * 4, PerpNeg.Apply(empty, text, [empty + across], weights, 4), 1e-9, 1e-12);
        Assert.Contains("2 negative prompts and 1 weights", Assert.Throws<ArgumentException>(
            () => PerpNeg.Apply(empty, text, [text, text], weights, 4)).Message, StringComparison.Ordinal);
    }

    private static Tensor Numbers(int seed)
    {
        using var generator = new Generator((ulong)seed);
        return randn([2, 3, 2, 4], ScalarType.Float64, generator: generator);
    }
}
