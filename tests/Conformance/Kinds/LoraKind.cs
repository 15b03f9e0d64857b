using System.Text.Json;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>Low-rank updates of one layer or of a U-Net: beside the weights and merged into them.</summary>
internal static class LoraKind
{
    public static void Run(GoldenCase golden)
    {
        using var untracked = no_grad();
        if (golden.Config.GetProperty("layer").GetString() == "unet")
        {
            RunUNet(golden);
        }
        else
        {
            RunLayer(golden);
        }
    }

    private static void RunUNet(GoldenCase golden)
    {
        using var unet = CaseModels.Build<UNet2DConditionModel, UNetConfig>(golden, config => new(config), "unet");
        using var file = golden.Weights("weights/lora/");
        using var lora = LoraAdapter.Read(file, Alpha(golden));
        var scale = golden.Args.GetProperty("scale").GetDouble();
        golden.Compare("out/base", Predict());

        lora.Attach(unet, "unet", scale);
        golden.Compare("out/unmerged", Predict());
        LoraAdapter.Detach(unet);
        lora.Attach(unet, "unet", 1);
        golden.Compare("out/unmerged_scale1", Predict());
        LoraAdapter.Detach(unet);

        lora.Merge(unet, "unet", scale);
        golden.Compare("out/merged", Predict());
        lora.Merge(unet, "unet", -scale);
        golden.Compare("out/base", Predict());

        Tensor Predict() => unet.call(
            golden.Tensor("in/sample"), golden.Tensor("in/timestep"), golden.Tensor("in/encoder_hidden_states"), null);
    }

    private static void RunLayer(GoldenCase golden)
    {
        using var layer = Layer(golden.Config);
        layer.Weight.copy_(golden.Tensor("weights/weight"));
        if (layer.Bias is { } bias)
        {
            bias.copy_(golden.Tensor("weights/bias"));
        }

        layer.to(golden.Device);
        var (x, down, up) =
            (golden.Tensor("in/x"), golden.Tensor("weights/lora.down.weight"), golden.Tensor("weights/lora.up.weight"));
        var factor = golden.Args.GetProperty("scale").GetDouble() * (Alpha(golden) is { } alpha ? alpha / down.shape[0] : 1);
        golden.Compare("out/base", layer.call(x));

        layer.Attach(down, up, factor);
        golden.Compare("out/unmerged", layer.call(x));
        layer.DetachAll();

        LowRank.Merge(layer.Weight, down, up, factor);
        golden.Compare("out/merged_weight", layer.Weight);
        golden.Compare("out/merged", layer.call(x));
    }

    private static LoraLayer Layer(JsonElement config)
    {
        var bias = !config.TryGetProperty("bias", out var given) || given.GetBoolean();
        return config.GetProperty("layer").GetString() == "linear"
            ? new LoraLinear(Number("in_features"), Number("out_features"), bias)
            : new LoraConv2d(new LoraConvConfig(
                Number("in_channels"), Number("out_channels"),
                Grid("kernel_size", 1), Grid("stride", 1), Grid("padding", 0), bias));

        int Number(string key) => config.GetProperty(key).GetInt32();

        GridSize Grid(string key, int otherwise) =>
            config.TryGetProperty(key, out var size) ? size.Deserialize<GridSize>() : otherwise;
    }

    private static double? Alpha(GoldenCase golden) =>
        golden.Args.TryGetProperty("network_alpha", out var alpha) && alpha.ValueKind == JsonValueKind.Number
            ? alpha.GetDouble() : null;
}
