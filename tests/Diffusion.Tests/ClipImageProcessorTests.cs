using System.Text.Json;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public class ClipImageProcessorTests
{
    [Theory]
    [InlineData("""{"size": 8}""", 5, 11, 8, 17)]                               // 8 x 11/5 = 17.6, cut
    [InlineData("""{"size": {"shortest_edge": 8}}""", 11, 5, 17, 8)]
    [InlineData("""{"size": {"height": 6, "width": 9}}""", 11, 5, 9, 6)]
    [InlineData("""{"do_resize": false}""", 11, 5, 11, 5)]
    public void Resize_TakesEveryFormOfSize(string json, int width, int height, int newWidth, int newHeight)
    {
        var resized = Processor(json).Resize(new PixelImage(width, height, 3, new byte[width * height * 3]));
        Assert.Equal((newWidth, newHeight), (resized.Width, resized.Height));
    }

    [Fact]
    public void Process_DoesOnlyWhatIsAskedFor()
    {
        using var scope = NewDisposeScope();
        var image = new PixelImage(1, 1, 3, [51, 102, 255]);
        const string bare = "\"do_resize\": false, \"do_center_crop\": false, \"image_mean\": [0.5, 0.5, 0.5], \"image_std\": [0.5, 0.25, 0.5]";

        var plain = Processor($$"""{ {{bare}}, "do_rescale": false, "do_normalize": false}""").Process(image);
        var rescaled = Processor($$"""{ {{bare}}, "do_normalize": false}""").Process(image);
        var whole = Processor($$"""{ {{bare}} }""").Process(image);

        AssertTensor.Equal(tensor(new[] { 51f, 102, 255 }, [1, 3, 1, 1]), plain);
        AssertTensor.Close(tensor(new[] { 0.2f, 0.4f, 1 }, [1, 3, 1, 1]), rescaled, 1e-6, 1e-7);
        AssertTensor.Close(tensor(new[] { -0.6f, -0.4f, 1 }, [1, 3, 1, 1]), whole, 1e-6, 1e-6);
    }

    [Fact]
    public void Crop_OfANumber_IsASquare() =>
        Assert.Equal((3, 3), Size(Processor("""{"do_resize": false, "crop_size": 3}""").Crop(new PixelImage(7, 5, 1, new byte[35]))));

    [Theory]
    [InlineData("""{"resample": 9}""", "resample")]
    [InlineData("""{"size": {"longest_edge": 4}}""", "size")]
    [InlineData("""{"crop_size": {"height": 4}}""", "crop_size")]
    [InlineData("""{"image_std": [1, 0, 1]}""", "image_std")]
    public void ImpossibleValue_IsRefused_NamingTheKey(string json, string key)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Contains(key, ConfigFile.Parse<ClipImageProcessorConfig>(document.RootElement).Problem(), StringComparison.Ordinal);
    }

    private static (int Width, int Height) Size(PixelImage image) => (image.Width, image.Height);

    private static ClipImageProcessor Processor(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new ClipImageProcessor(ConfigFile.Parse<ClipImageProcessorConfig>(document.RootElement));
    }
}
