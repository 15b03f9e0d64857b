using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

public class AutoencoderGoldenTests
{
    public static IEnumerable<object[]> Cases() => GoldenCase.Names("autoencoder_kl");

    [Theory]
    [MemberData(nameof(Cases))]
    public void EncodeAndDecode_MatchDiffusers(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenCase.Open("autoencoder_kl", name);
        using var vae = GoldenModels.Build<AutoencoderKL, AutoencoderConfig>(golden, config => new(config));

        var image = golden.Tensor("in/image").requires_grad_(true);
        var (mean, logVariance) = vae.Encode(image);
        golden.Check("out/mean", mean);
        golden.Check("out/logvar", logVariance);
        golden.Check("out/latent_sample", mean + (logVariance * 0.5).exp() * golden.Tensor("in/eps"));

        var latent = golden.Tensor("in/latent").requires_grad_(true);
        var decoded = vae.Decode(latent);
        golden.Check("out/decoded", decoded);

        if (golden.Has("out/grad_image"))
        {
            (mean * golden.Tensor("in/cotangent")).sum().backward();
            golden.Check("out/grad_image", image.grad!);
            (decoded * golden.Tensor("in/decode_cotangent")).sum().backward();
            golden.Check("out/grad_latent", latent.grad!);
        }
    }
}
