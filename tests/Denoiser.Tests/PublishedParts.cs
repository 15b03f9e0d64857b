using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Storage;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising.Tests;

// On the CPU: the reference is computed there, the service's answer on the given device.
/// <summary>A folder's parts and the pipelines over them, without the service; pictures of 24 x 16 pixels with the noise of a seed.</summary>
internal sealed class PublishedParts : IDisposable
{
    private readonly ModelFolder _folder;
    private readonly ulong _seed;
    private readonly AutoencoderKL _vae;

    public PublishedParts(ModelFolder folder, ulong seed)
    {
        (_folder, _seed, UNet, _vae) = (folder, seed, folder.LoadUNet(), folder.LoadAutoencoder());
        Schedule = new NoiseSchedule(folder.ReadScheduler());
        (Text, Image, Part) = (new(UNet, _vae, Schedule), new(UNet, _vae, Schedule), new(UNet, _vae, Schedule));
    }

    /// <summary>Changes the text encoder before it encodes.</summary>
    public Action<ClipTextModel> ChangeText { get; init; } = _ => { };

    public UNet2DConditionModel UNet { get; }

    public NoiseSchedule Schedule { get; }

    public TextToImagePipeline Text { get; }

    public ImageToImagePipeline Image { get; }

    public InpaintPipeline Part { get; }

    public PaintingRequest Told(GenerateImageRequest request) => new(
        Encode(request.Prompt), Encode(request.NegativePrompt), Draw(DrawPurpose.Start, 0),
        new SamplingOptions(request.StepCount), new GuidanceOptions(request.GuidanceScale))
    {
        StepNoise = index => Draw(DrawPurpose.Step, index),
    };

    public Tensor Draw(DrawPurpose purpose, int step)
    {
        var numbers = new float[4 * 8 * 12];
        new Philox(_seed, purpose).FillNormal(numbers, step);
        return tensor(numbers, [1, 4, 8, 12]);
    }

    /// <summary>Bytes may differ by the last level where two ways of rounding meet a half.</summary>
    public void AssertPainted(Tensor latents, byte[] png)
    {
        var image = LatentPipeline.ToImage(Text.Decode(latents));
        var expected = (image * 255).round().squeeze(0).permute(1, 2, 0).contiguous().data<float>().ToArray();
        var painted = Png.Read(png, "image");
        Assert.Equal((24, 16, 3), (painted.Width, painted.Height, painted.Channels));
        Assert.True(expected.Distinct().Count() > 50, "The picture is blank.");
        var differences = expected.Zip(painted.Samples, (e, p) => Math.Abs(e - p)).ToArray();
        Assert.Equal(painted.Samples.Length, differences.Length);
        Assert.True(differences.Max() <= 1, $"A value is off by {differences.Max()} levels.");
        Assert.InRange(differences.Average(), 0, 0.01);
    }

    public void Dispose()
    {
        UNet.Dispose();
        _vae.Dispose();
    }

    private Tensor Encode(string prompt)
    {
        using var text = _folder.LoadTextEncoder();
        ChangeText(text);
        var ids = _folder.ReadTokenizer().EncodePadded(prompt).Ids;
        return text.call(tensor(ids, [1, ids.Length]), null).LastHiddenState;
    }
}
