namespace Realiz3D.Mesh.Rendering.Tests;

public sealed class StudioLightTests
{
    [Fact]
    public void Irradiance_StaysWithinItsRange_AndPeaksTowardsTheLight()
    {
        var d = StudioLight.Direction;

        Assert.Equal(1, Math.Sqrt(d.Sum(x => x * x)), 1e-12);
        Assert.Equal(1, StudioLight.Irradiance(d[0], d[1], d[2]), 1e-12);
        Assert.Equal(0.28, StudioLight.Irradiance(-d[0], -d[1], -d[2]), 1e-12);
    }

    [Fact]
    public void Irradiance_TellsTheSidesOfABoxApart()
    {
        double[] sides =
        [
            StudioLight.Irradiance(1, 0, 0), StudioLight.Irradiance(0, 0, 1), StudioLight.Irradiance(-1, 0, 0),
            StudioLight.Irradiance(0, 0, -1), StudioLight.Irradiance(0, 1, 0), StudioLight.Irradiance(0, -1, 0),
        ];

        var sorted = sides.Order().ToArray();
        Assert.All(sorted.Skip(1).Zip(sorted), pair => Assert.True(pair.First - pair.Second > 0.03));
    }
}
