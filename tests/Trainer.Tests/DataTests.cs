using Realiz3D.Mesh.Scenes;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Training.Tests;

/// <summary>Training data: rendered, stored, read and taken.</summary>
public sealed class DataTests
{
    [Fact]
    public void Render_RepeatsItself_AndCaptionsTellTheCategory()
    {
        var shard = DataRendering.Render(seed: 40, index: 3, count: 2);
        var again = DataRendering.Render(seed: 40, index: 3, count: 2);

        Assert.Equal(shard.Views, again.Views);
        Assert.Equal([(long)SceneCategory.Bottle, (long)SceneCategory.Chair], shard.Categories);
        Assert.Equal(2 * ObjectShard.ObjectBytes, shard.Views.Length);
        for (var i = 0; i < shard.Count; i++)
        {
            Assert.All(
                shard.Captions[i],
                caption => Assert.Equal((SceneCategory)shard.Categories[i], Captions.Parse(caption).Attributes.Category));
        }

        // Off the object the picture is mid gray and alpha 0; on it alpha is 255.
        var (gray, clear) = (shard.Views[0], shard.Views[3 * 64 * 64]);
        Assert.InRange(gray, 127, 128);
        Assert.Equal(0, clear);
        Assert.Contains((byte)255, shard.Views.AsSpan(3 * 64 * 64, 64 * 64).ToArray());
    }

    [Fact]
    public void Shard_ComesBackAsItWas_AndViewsAreTakenByNumber()
    {
        using var folder = new TemporaryDirectory();
        var views = new byte[2 * ObjectShard.ObjectBytes];
        views[7 * 4 * 64 * 64] = 255; // first pixel of object 1, view 1
        var shard = new ObjectShard(views, [5, 6], [1, 2], [["a mug"], ["a bowl", "a dish"]]);
        shard.Save(Path.Combine(folder.Path, "shard-0000.safetensors"));

        using var data = ObjectSet.Load(folder.Path);
        using var taken = data.Take([7, 0]);

        Assert.Equal([1, 2], data.Categories);
        Assert.Equal(["a bowl", "a dish"], data.Captions[1]);
        Assert.Equal([2, 4, 64, 64], taken.shape);
        var values = AssertTensor.Values(taken);
        Assert.Equal(1, values[0], 1e-6);
        Assert.Equal(-1, values[1], 1e-6);
        Assert.Equal(-1, values[4 * 64 * 64], 1e-6);
    }

    [Fact]
    public void NoData_SaysWhatToDo()
    {
        using var folder = new TemporaryDirectory();

        var problem = Assert.Throws<DirectoryNotFoundException>(() => ObjectSet.Load(folder.Path));

        Assert.Contains("\"data\"", problem.Message, StringComparison.Ordinal);
    }
}
