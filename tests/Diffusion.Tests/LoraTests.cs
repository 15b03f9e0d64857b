using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

public class LoraTests
{
    private const string Layer = "mid_block.attentions.0.transformer_blocks.0.attn1";

    [Theory]
    [InlineData($"unet.{Layer}.to_q.lora.down.weight", $"unet.{Layer}.to_q.lora.up.weight")]
    [InlineData($"unet.{Layer}.processor.to_q_lora.down.weight", $"unet.{Layer}.processor.to_q_lora.up.weight")]
    [InlineData($"{Layer}.processor.to_out_lora.down.weight", $"{Layer}.processor.to_out_lora.up.weight")]
    [InlineData($"base_model.model.{Layer}.to_q.lora_A.weight", $"base_model.model.{Layer}.to_q.lora_B.weight")]
    [InlineData($"unet.{Layer}.to_out.0.lora_A.default.weight", $"unet.{Layer}.to_out.0.lora_B.default.weight")]
    [InlineData(
        "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_to_q.lora_down.weight",
        "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_to_q.lora_up.weight")]
    public void Merge_FindsTheLayer_InEverySpelling(string downName, string upName)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var unet = TinyModels.UNet(TinyModels.UNetConfig);
        var target = unet.state_dict()[downName.Contains("to_q", StringComparison.Ordinal) ? $"{Layer}.to_q.weight" : $"{Layer}.to_out.0.weight"];
        var before = target.clone();
        using var lora = Read((downName, Filled(0.5f, 2, 16)), (upName, Filled(3, 16, 2)), (AlphaOf(downName), Filled(8)));
        Assert.Equal(["unet"], lora.Components);

        lora.Merge(unet, "unet", scale: 0.25);
        // up down = 2 * 0.5 * 3, alpha / rank = 4.
        AssertTensor.Close(before + 3, target, 1e-6, 1e-6, downName);
    }

    [Fact]
    public void Merge_ReachesTheTextEncoder()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var text = TinyModels.TextEncoder();
        const string Name = "text_model.encoder.layers.1.self_attn.q_proj";
        var target = text.state_dict()[$"{Name}.weight"];
        var before = target.clone();
        using var lora = Read(
            ($"lora_te_{Name.Replace('.', '_')}.lora_down.weight", Filled(1, 1, 16)),
            ($"lora_te_{Name.Replace('.', '_')}.lora_up.weight", Filled(2, 16, 1)));

        lora.Merge(text, "text_encoder", scale: 1);
        AssertTensor.Close(before + 2, target, 1e-6, 1e-6, Name);
    }

    [Theory]
    [InlineData("unet.mid_block.nothing.lora.down.weight", "unet.mid_block.nothing.lora.up.weight", 16, "mid_block.nothing")]
    [InlineData($"unet.{Layer}.to_q.lora.down.weight", $"unet.{Layer}.to_q.lora.up.weight", 15, "does not fit a weight of shape [16, 16]")]
    [InlineData($"unet.{Layer}.to_q.lora.down.weight", $"unet.{Layer}.to_k.lora.up.weight", 16, "lacks its other half")]
    [InlineData($"unet.{Layer}.to_q.weight", $"unet.{Layer}.to_q.lora.up.weight", 16, "no part of a LoRA")]
    public void Attach_WhatDoesNotFit_IsNamed(string downName, string upName, int width, string said)
    {
        using var scope = NewDisposeScope();
        using var unet = TinyModels.UNet(TinyModels.UNetConfig);
        var broken = Assert.Throws<MalformedFileException>(() =>
        {
            using var lora = Read((downName, Filled(1, 2, width)), (upName, Filled(1, 16, 2)));
            lora.Attach(unet, "unet", 1);
        });
        Assert.Contains(said, broken.Message, StringComparison.Ordinal);
    }

    private static string AlphaOf(string down) =>
        down[..down.LastIndexOf(down.Contains("_lora.", StringComparison.Ordinal) ? "_lora." : ".lora", StringComparison.Ordinal)]
            + (down.Contains("_lora.", StringComparison.Ordinal) ? "_lora.alpha" : ".alpha");

    private static LoraAdapter Read(params (string Name, TensorData Data)[] tensors)
    {
        using var file = SafeTensorsFile.Parse(
            SafeTensorsWriter.ToBytes(tensors.ToDictionary(pair => pair.Name, pair => pair.Data)), "some.safetensors");
        return LoraAdapter.Read(file, alpha: null);
    }

    private static TensorData Filled(float value, params long[] shape) =>
        TensorData.From(Enumerable.Repeat(value, (int)shape.Aggregate(1L, (a, b) => a * b)).ToArray(), shape, ElementKind.F32);
}
