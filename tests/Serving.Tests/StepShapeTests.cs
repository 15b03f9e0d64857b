namespace Realiz3D.Mesh.Serving.Tests;

public sealed class StepShapeTests
{
    [Fact]
    public void SecondsPerItem_IsTheMedianOfTheLastSteps()
    {
        var shape = new StepShape();
        shape.Add(1, TimeSpan.FromSeconds(1000)); // the first step of all
        Assert.False(shape.IsMeasured);

        shape.Add(4, TimeSpan.FromSeconds(8));
        shape.Add(1, TimeSpan.FromSeconds(3));
        Assert.Equal(2.5, shape.SecondsPerItem);
        shape.Add(1, TimeSpan.FromSeconds(1000)); // a hiccup
        Assert.Equal(3, shape.SecondsPerItem);
        for (var i = 0; i < 32; i++)
        {
            shape.Add(2, TimeSpan.FromSeconds(1));
        }

        Assert.Equal(0.5, shape.SecondsPerItem);
    }

    [Theory]
    [InlineData(10, 2)]         // a fifth of 10 ms
    [InlineData(25, 5)]
    [InlineData(1000, 5)]       // never longer
    public void Wait_IsAFifthOfAStep_AtMostFiveMilliseconds(int stepMilliseconds, int expected)
    {
        var shape = new StepShape();
        shape.Add(4, TimeSpan.Zero);
        shape.Add(4, TimeSpan.FromMilliseconds(stepMilliseconds));

        Assert.Equal(expected, shape.WaitFor(4).TotalMilliseconds, 1e-3);
    }

    [Theory]
    [InlineData(0.1, 30)]       // 20 medians are 2 s
    [InlineData(3, 60)]
    public void Patience_IsTwentyMedians_AtLeastThirtySeconds(double stepSeconds, double expected)
    {
        var shape = new StepShape();
        Assert.Equal(TimeSpan.FromMinutes(10), shape.Patience(2)); // nothing is known of the first

        shape.Add(2, TimeSpan.FromSeconds(stepSeconds));
        Assert.Equal(TimeSpan.FromMinutes(10), shape.Patience(2));
        shape.Add(2, TimeSpan.FromSeconds(stepSeconds));

        Assert.Equal(expected, shape.Patience(2).TotalSeconds, 1e-6);
    }

    [Fact]
    public void Shapes_AreToldApart_ByNetworkAndExtents()
    {
        var shapes = new StepShapes();
        DenoisePass one = step => step.Latents;
        DenoisePass other = step => step.Latents.clone();
        var keys = new[]
        {
            new StepKey(one, "8 x 4", "2", ""), new StepKey(other, "8 x 4", "2", ""), new StepKey(one, "8 x 8", "2", ""),
            new StepKey(one, "8 x 4", "3", ""), new StepKey(one, "8 x 4", "2", "1"),
        };

        Assert.Equal(5, keys.Select(shapes.Of).Distinct().Count());
        Assert.Same(shapes.Of(keys[0]), shapes.Of(new StepKey(one, "8 x 4", "2", "")));
    }
}
