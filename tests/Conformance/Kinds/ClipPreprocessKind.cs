using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>CLIP's image preprocessing: the resized bytes, the cropped bytes, the pixels.</summary>
internal static class ClipPreprocessKind
{
    public static void Run(GoldenCase golden)
    {
        var config = ConfigFile.Parse<ClipImageProcessorConfig>(golden.Config);
        if (config.Problem() is { } problem)
        {
            throw new NotSupportedException(problem);
        }

        var processor = new ClipImageProcessor(config);
        var image = Read(golden.Tensor("in/image"));
        var resized = processor.Resize(image);
        golden.Compare("out/resized_uint8", ClipImageProcessor.ToTensor(resized));
        golden.Compare("out/cropped_uint8", ClipImageProcessor.ToTensor(processor.Crop(resized)));

        // Without arithmetic the library hands on the bytes, which cases hold as int64.
        var pixels = processor.Process(image);
        golden.Compare("out/pixel_values", config.DoRescale || config.DoNormalize ? pixels : pixels.to(ScalarType.Int64));
    }

    private static PixelImage Read(Tensor image) => new(
        (int)image.shape[1],
        (int)image.shape[0],
        image.shape.Length == 3 ? (int)image.shape[2] : 1,
        [.. AssertTensor.Values(image).Select(value => (byte)value)]);
}
