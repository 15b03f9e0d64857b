using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Training.Tests;

/// <summary>Weights, timesteps and rates by value.</summary>
public sealed class ObjectiveTests
{
    [Theory]
    [InlineData(0.999)]
    [InlineData(0.7)]
    [InlineData(0.2)]
    [InlineData(0.001)]
    public void VelocityWeight_TurnsTheErrorOfTheSample_IntoThatOfTheVelocity(double a)
    {
        const double x = 0.3, guess = -0.8, noise = 1.1;
        var (signal, sigma) = (Math.Sqrt(a), Math.Sqrt(1 - a));
        var z = (signal * x) + (sigma * noise);
        var impliedNoise = (z - (signal * guess)) / sigma;
        var velocityError = (signal * impliedNoise) - (sigma * guess) - ((signal * noise) - (sigma * x));

        if (1 - a > Objective.SmallestNoise)
        {
            Assert.Equal(velocityError * velocityError, Objective.VelocityWeight(a) * Math.Pow(guess - x, 2), precision: 9);
        }
        else
        {
            Assert.Equal(1 / Objective.SmallestNoise, Objective.VelocityWeight(a), precision: 9);
        }
    }

    [Theory]
    [InlineData(0, 500)]
    [InlineData(-100, 0)]
    [InlineData(100, 999)]
    [InlineData(1, 731)] // 1 / (1 + e^-1) = 0.73106
    public void Timestep_IsTheLogisticOfTheNormal(double normal, int expected) =>
        Assert.Equal(expected, Objective.Timestep(normal, 1000));

    [Fact]
    public void Timesteps_LieInRange_AndFavourTheMiddle()
    {
        var random = new Philox(1, DrawPurpose.Start);
        var all = Enumerable.Range(0, 400).SelectMany(step => Objective.Timesteps(random, step, 16, 1000)).ToArray();

        Assert.All(all, t => Assert.InRange(t, 0, 999));
        // Seven of eight are logit-normal: P(|logit| < 1) = 0.6827 for t in (269, 731); one of eight uniform: 0.462.
        var middle = all.Count(t => t is >= 269 and <= 731) / (double)all.Length;
        Assert.InRange(middle, 0.655 - 0.03, 0.655 + 0.03);
        Assert.Equal(Objective.Timesteps(random, 7, 16, 1000), Objective.Timesteps(random, 7, 16, 1000));
    }

    [Theory]
    [InlineData(0, 0.0, 0.02)]      // first warm-up step: a hundredth of the peak
    [InlineData(49, 0.0, 1.0)]      // half way up
    [InlineData(99, 0.0, 2.0)]
    [InlineData(5000, 0.5, 1.01)]   // middle of the cosine between 2 and its hundredth
    [InlineData(9999, 1.0, 0.02)]
    [InlineData(9999, 1.7, 0.02)]
    public void LearningRate_FirstMiddleLast(long step, double progress, double expected) =>
        Assert.Equal(expected, LearningRate.At(2.0, step, warmUpSteps: 100, progress), precision: 9);
}
