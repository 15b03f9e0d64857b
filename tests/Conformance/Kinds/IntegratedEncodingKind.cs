using System.Text.Json;
using Realiz3D.Mesh.Fields;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>Frequency encodings of points and Gaussians, the Gaussians of cones, and the contraction of space.</summary>
internal static class IntegratedEncodingKind
{
    public static void Run(GoldenCase golden)
    {
        if (golden.Args.TryGetProperty("function", out var function))
        {
            if (function.GetString() is not "contract" and var other)
            {
                throw new NotSupportedException($"args.function {other} is unknown; say contract.");
            }

            RunContraction(golden);
        }
        else if (golden.Has("in/directions"))
        {
            RunFrustum(golden);
        }
        else if (golden.Config.TryGetProperty("min_deg", out var least))
        {
            RunMultiNerf(golden, least.GetInt32(), golden.Config.GetProperty("max_deg").GetInt32());
        }
        else
        {
            RunNerfstudio(golden);
        }
    }

    private static void RunContraction(GoldenCase golden)
    {
        var (x, covariances) = (golden.Leaf("in/x"), golden.TensorOrNull("in/cov"));
        var contracted = SceneContraction.Contract(x);
        golden.CompareDouble("out/contracted", contracted);
        var boxed = SceneContraction.Contract(x, cube: true);
        golden.CompareDouble("out/contracted_linf", boxed);
        golden.CompareDouble("in/x", SceneContraction.Expand(contracted));
        golden.CompareDouble("in/x", SceneContraction.Expand(boxed, cube: true));
        if (covariances is not null)
        {
            golden.CompareDouble("out/contracted_cov", SceneContraction.Contract(x, covariances.to(ScalarType.Float64)).Covariances);
        }

        if (golden.Has("in/lin"))
        {
            (contracted * golden.Double("in/lin")).sum().backward();
            // The original has no gradient at the origin.
            var away = x.detach().abs().sum(-1, keepdim: true).gt(0);
            golden.CompareWhere("out/grad_x", x.grad!.to(ScalarType.Float32), away);
        }
    }

    private static void RunFrustum(GoldenCase golden)
    {
        var pieces = ConicalFrustum.Between(golden.Double("in/t"), golden.Double("in/radii"));
        var (means, covariances) = pieces.Place(golden.Double("in/origins"), golden.Double("in/directions"));
        golden.CompareDouble("out/t_mean", pieces.AlongMean);
        golden.CompareDouble("out/t_var", pieces.AlongVariance);
        golden.CompareDouble("out/r_var", pieces.AcrossVariance);
        golden.CompareDouble("out/means", means);
        golden.CompareDouble("out/covs", covariances);
    }

    private static void RunMultiNerf(GoldenCase golden, int least, int end)
    {
        var mean = golden.Double(golden.Has("in/mean") ? "in/mean" : "in/x");
        var waves = FrequencyEncoding.MultiNerf(least, end, includeInput: false);
        if (golden.Has("in/var"))
        {
            golden.CompareDouble("out/ipe", waves.EncodeIntegrated(mean, golden.Double("in/var")));
        }

        golden.CompareDouble("out/pos_enc", waves.Encode(mean));
        golden.CompareDouble(
            "out/pos_enc_with_identity", FrequencyEncoding.MultiNerf(least, end, includeInput: true).Encode(mean));
    }

    private static void RunNerfstudio(GoldenCase golden)
    {
        var config = golden.Config;
        var (x, covariances) = (golden.Leaf("in/x"), golden.Has("in/cov") ? golden.Leaf("in/cov") : null);
        if (config.TryGetProperty("in_dim", out var axes) && axes.GetInt64() != x.shape[^1])
        {
            throw new NotSupportedException($"config.in_dim is {axes.GetInt64()}, in/x has {x.shape[^1]} axes.");
        }

        var encoding = FrequencyEncoding.Nerfstudio(
            config.GetProperty("num_frequencies").GetInt32(), Number(config, "min_freq_exp"), Number(config, "max_freq_exp"),
            config.TryGetProperty("include_input", out var include) && include.GetBoolean());
        var points = encoding.Encode(x);
        var integrated = covariances is null ? null : encoding.EncodeIntegrated(x, covariances.diagonal(0, -2, -1));
        golden.CompareDouble("out/encoding", points);
        if (integrated is not null)
        {
            golden.CompareDouble("out/integrated_encoding", integrated);
        }

        if (golden.Has("in/lin"))
        {
            ((integrated ?? points) * golden.Double("in/lin")).sum().backward();
            golden.CompareGradient("out/grad_x", x);
            if (covariances is not null)
            {
                golden.CompareGradient("out/grad_cov", covariances);
            }
        }
    }

    private static double Number(JsonElement config, string key) => config.GetProperty(key).GetDouble();
}
