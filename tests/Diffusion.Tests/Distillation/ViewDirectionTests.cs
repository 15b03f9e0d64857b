namespace Realiz3D.Mesh.Diffusion.Tests;

public sealed class ViewDirectionTests
{
    [Theory]
    [InlineData(0, 0, ViewDirection.Front)]
    [InlineData(44.9f, 0, ViewDirection.Front)]
    [InlineData(45, 0, ViewDirection.Left)]         // strict: exactly at the threshold it is the side
    [InlineData(-45, 60, ViewDirection.Right)]      // 60 is not yet overhead
    [InlineData(135, 0, ViewDirection.Left)]
    [InlineData(135.1f, 0, ViewDirection.Back)]
    [InlineData(-180, 0, ViewDirection.Back)]
    [InlineData(360 + 90, 0, ViewDirection.Left)]
    [InlineData(10 - 720, 60.1f, ViewDirection.Overhead)]
    [InlineData(0, -80, ViewDirection.Front)]
    public void Threestudio_HasStrictHalfAngles(float azimuth, float elevation, ViewDirection expected) =>
        Assert.Equal(expected, ViewDirections.Threestudio(azimuth, elevation));

    [Theory]
    [InlineData(29.9, 90, ViewDirection.Front)]
    [InlineData(30, 90, ViewDirection.Left)]        // 60 is the front's full angle
    [InlineData(-30, 90, ViewDirection.Front)]
    [InlineData(150, 90, ViewDirection.Back)]
    [InlineData(210, 90, ViewDirection.Right)]
    [InlineData(0, 30, ViewDirection.Overhead)]
    [InlineData(180, 150, ViewDirection.Underneath)]
    public void StableDreamfusion_HasAFullAngleAndCaps(double azimuth, double polar, ViewDirection expected) =>
        Assert.Equal(expected, ViewDirections.StableDreamfusion(azimuth, polar));

    [Theory]
    [InlineData(79, ViewDirection.Front)]
    [InlineData(90, ViewDirection.Back)]            // both are 200 degrees wide: the back wins, no side is left
    [InlineData(270, ViewDirection.Back)]
    [InlineData(281, ViewDirection.Front)]
    public void StableDreamfusion_WithAWideFront_HasNoSides(double azimuth, ViewDirection expected) =>
        Assert.Equal(expected, ViewDirections.StableDreamfusion(azimuth, 90, frontDegrees: 200));

    [Fact]
    public void Prompts_SayTheDirection()
    {
        Assert.Equal("a cat, side view", ViewDirections.After("a cat", ViewDirection.Right));
        Assert.Equal("a cat, overhead view", ViewDirections.After("a cat", ViewDirection.Overhead));
        Assert.Equal("backside view of a cat", ViewDirections.Before("a cat", ViewDirection.Back));
    }

    [Theory]
    [InlineData(0, 1, 0, 0)]
    [InlineData(-45, 0.5, 0.5, 0)]
    [InlineData(90, 0, 1, 0)]
    [InlineData(135, 0, 0.5, 0.5)]
    [InlineData(180, 0, 0, 1)]
    public void Mix_IsLinearInAzimuth(float azimuth, double front, double side, double back)
    {
        var mix = ViewMix.At(azimuth, 0);

        Assert.Equal((front, side, back, 0.0), (mix.Front, mix.Side, mix.Back, mix.Overhead));
        Assert.Equal((0.0, 0.0, 0.0, 1.0), Shares(ViewMix.At(azimuth, 61)));
    }

    [Fact]
    public void Mix_KeepsAwayFromTheNeighbours_ByTheCurves()
    {
        var mix = ViewMix.At(30, 0);
        Assert.Equal((ViewDirection.Front, ViewDirection.Left), (mix.FirstNegative, mix.SecondNegative));
        Assert.Equal(-((4 * Math.Exp(-0.5 * 2 / 3)) - 2.426), mix.FirstWeight, 1e-6);
        Assert.Equal(-((4 * Math.Exp(-0.5 / 3)) - 2.426), mix.SecondWeight, 1e-6);

        var behind = ViewMix.At(150, 0);
        Assert.Equal((ViewDirection.Left, ViewDirection.Front), (behind.FirstNegative, behind.SecondNegative));
        Assert.Equal(-(Math.Exp(-0.5 / 3) - 0.606), behind.FirstWeight, 1e-6);
        Assert.Equal(-(Math.Exp(-0.5 / 3) + 0.967), behind.SecondWeight, 1e-6);

        var above = ViewMix.At(0, 80);
        Assert.Equal((null, null, 0.0, 0.0), (above.FirstNegative, above.SecondNegative, above.FirstWeight, above.SecondWeight));
    }

    private static (double, double, double, double) Shares(ViewMix mix) => (mix.Front, mix.Side, mix.Back, mix.Overhead);
}
