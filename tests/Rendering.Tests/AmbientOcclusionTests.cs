using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering.Tests;

public sealed class AmbientOcclusionTests
{
    [Fact]
    public void ConvexBody_IsOpenEverywhere()
    {
        var sphere = TestMeshes.Sphere(0.4, 4);
        var sky = new AmbientOcclusion(sphere, 64);

        foreach (var direction in Directions(50))
        {
            Assert.Equal(1, sky.At(0.4f * direction, direction));
        }
    }

    [Fact]
    public void InsideOfABowl_SeesItsOpeningsShareOfTheSphere()
    {
        // Between two places inside a sphere the form factor is the same everywhere, so a sphere with a piece of relative area s cut
        // off is lit by s at each place inside. Here it is cut at half its height above the middle: s = (1 - 1/2) / 2.
        var sphere = TestMeshes.Sphere(1, 5);
        var bowl = sphere with
        {
            Indices = [.. sphere.Indices.Chunk(3).Where(face => face.Average(vertex => sphere.Position(vertex).Y) < 0.5).SelectMany(face => face)],
        };
        var sky = new AmbientOcclusion(bowl, 1024);

        foreach (var direction in Directions(40).Where(direction => direction.Y < 0.45))
        {
            Assert.Equal(0.25, sky.At(direction * 0.999f, -direction), 0.015); // an edge of a thousand rays and 1 % of area left uneven
        }
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(2.0)]
    public void FloorBesideAWall_LosesHalfOfOneMinusTheCosine(double distance)
    {
        // A wall of height 1 and endless length hides (1 - cos(atan(1 / d))) / 2 of a floor's sky at distance d.
        const float Endless = 50;
        var wall = new TriangleMesh([0, 0, -Endless, 0, 0, Endless, 0, 1, Endless, 0, 1, -Endless], [0, 1, 2, 0, 2, 3]);
        var sky = new AmbientOcclusion(wall, 4096);

        var found = sky.At(new Vector3((float)distance, 0, 0), Vector3.UnitY);

        // The rays start a little above the floor: the wall is that much lower.
        var lift = 4e-4 * Endless;
        Assert.Equal(1 - ((1 - Math.Cos(Math.Atan((1 - lift) / distance))) / 2), found, 0.005);
    }

    [Fact]
    public void WhatLiesBeyondReach_HidesNothing()
    {
        var ceiling = new TriangleMesh([-9, 1, -9, 9, 1, -9, 9, 1, 9, -9, 1, 9], [0, 1, 2, 0, 2, 3]);

        Assert.True(new AmbientOcclusion(ceiling, 256).At(Vector3.Zero, Vector3.UnitY) < 0.05);
        Assert.Equal(1, new AmbientOcclusion(ceiling, 256, reach: 0.9f).At(Vector3.Zero, Vector3.UnitY));
    }

    [Fact]
    public void LeaningNormal_OnAnOpenFloor_SeesNothingOfTheFloorItself()
    {
        var floor = new TriangleMesh([-9, 0, 9, 9, 0, 9, 9, 0, -9, -9, 0, -9], [0, 1, 2, 0, 2, 3]);

        Assert.Equal(1, new AmbientOcclusion(floor, 256).At(Vector3.Zero, Vector3.Normalize(new Vector3(1, 1, 0))));
    }

    // Spread evenly over the sphere (a Fibonacci lattice).
    private static IEnumerable<Vector3> Directions(int count) => Enumerable.Range(0, count).Select(i =>
    {
        var y = 1 - ((2 * i + 1.0f) / count);
        var (sin, cos) = MathF.SinCos(i * MathF.PI * (3 - MathF.Sqrt(5)));
        return new Vector3(MathF.Sqrt(1 - (y * y)) * cos, y, MathF.Sqrt(1 - (y * y)) * sin);
    });
}
