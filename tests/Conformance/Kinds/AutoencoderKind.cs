using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>AutoencoderKL: encode, decode and their gradients.</summary>
internal static class AutoencoderKind
{
    public static void Run(GoldenCase golden)
    {
        using var vae = CaseModels.Build<AutoencoderKL, AutoencoderConfig>(golden, config => new(config));

        if (golden.Has("in/image"))
        {
            var image = golden.Tensor("in/image").requires_grad_(true);
            var (mean, logVariance) = vae.Encode(image);
            var deviation = (logVariance * 0.5).exp();
            golden.Compare("out/mean", mean);
            golden.Compare("out/logvar", logVariance);
            golden.Compare("out/std", deviation);
            if (golden.Has("in/eps"))
            {
                golden.Compare("out/latent_sample", mean + deviation * golden.Tensor("in/eps"));
            }

            if (golden.Has("out/grad_image"))
            {
                (mean * golden.Tensor("in/cotangent")).sum().backward();
                golden.Compare("out/grad_image", image.grad!);
            }
        }

        if (golden.Has("in/latent"))
        {
            var latent = golden.Tensor("in/latent").requires_grad_(true);
            var decoded = vae.Decode(latent);
            golden.Compare("out/decoded", decoded);
            if (golden.Has("out/grad_latent"))
            {
                (decoded * golden.Tensor("in/decode_cotangent")).sum().backward();
                golden.Compare("out/grad_latent", latent.grad!);
            }
        }
    }
}
