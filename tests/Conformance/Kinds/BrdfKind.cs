using System.Text.Json;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>Reflection models, their terms and shading normals, with the gradients of all inputs.</summary>
internal static class BrdfKind
{
    public static void Run(GoldenCase golden)
    {
        var args = golden.Args;
        switch (args.GetProperty("function").GetString())
        {
            case "terms":
                Terms(golden);
                break;
            case "lambert":
                Differentiate(golden, ["nrm", "wi"], x => Brdf.Lambert(x[0], x[1]));
                break;
            case "frostbite":
                Differentiate(golden, ["nrm", "wi", "wo", "roughness"], x => Brdf.Frostbite(x[0], x[1], x[2], x[3]));
                break;
            case "pbr_specular":
                Differentiate(
                    golden, ["col", "nrm", "wo", "wi", "alpha"], x => Brdf.Specular(x[0], x[1], x[2], x[3], x[4], MinRoughness(args)));
                break;
            case "pbr_bsdf":
                Differentiate(
                    golden,
                    ["kd", "arm", "pos", "nrm", "view_pos", "light_pos"],
                    x => Brdf.MetallicRoughness(x[0], x[1], x[2], x[3], x[4], x[5], Diffuse(args), MinRoughness(args)));
                break;
            case "prepare_shading_normal":
                Differentiate(
                    golden,
                    ["pos", "view_pos", "perturbed_nrm", "smooth_nrm", "smooth_tng", "geom_nrm"],
                    x => ShadingNormals.Of(
                        x[0], x[1], x[2], x[3], x[4], x[5], Flag(args, "two_sided"), Flag(args, "opengl")));
                break;
            case var function:
                throw new NotSupportedException($"args.function {function} is unknown.");
        }
    }

    private static void Terms(GoldenCase golden)
    {
        var (alphaSquared, cosine) = (golden.Tensor("in/alpha_sqr"), golden.Tensor("in/cos_theta"));
        golden.Compare("out/ndf_ggx", Brdf.NormalDistribution(alphaSquared, cosine));
        golden.Compare("out/lambda_ggx", Brdf.Lambda(alphaSquared, cosine));
        golden.Compare("out/masking_smith", Brdf.Masking(alphaSquared, cosine, golden.Tensor("in/cos_theta_o")));
        golden.Compare("out/fresnel_schlick", Brdf.FresnelSchlick(golden.Tensor("in/f0"), ones_like(cosine), cosine));
    }

    private static void Differentiate(GoldenCase golden, string[] names, Func<Tensor[], Tensor> function)
    {
        Tensor[] inputs = [.. names.Select(name => golden.Tensor($"in/{name}").requires_grad_())];
        var result = function(inputs);
        golden.Compare("out/result", result.detach());
        if (golden.TensorOrNull("in/lin") is not { } weights)
        {
            return;
        }

        (result * weights).sum().backward();
        foreach (var (name, input) in names.Zip(inputs))
        {
            golden.Compare($"out/grad_{name}", input.grad ?? zeros_like(input));
        }
    }

    private static double MinRoughness(JsonElement args) =>
        args.TryGetProperty("min_roughness", out var least) ? least.GetDouble() : Brdf.MinRoughness;

    // nvdiffrec's defaults: on.
    private static bool Flag(JsonElement args, string name) => !args.TryGetProperty(name, out var flag) || flag.GetBoolean();

    private static DiffuseTerm Diffuse(JsonElement args) => (args.TryGetProperty("diffuse", out var given) ? given.GetString() : "lambert") switch
    {
        "lambert" => DiffuseTerm.Lambert,
        "frostbite" => DiffuseTerm.Frostbite,
        var term => throw new NotSupportedException($"args.diffuse {term} is unknown; say lambert or frostbite."),
    };
}
