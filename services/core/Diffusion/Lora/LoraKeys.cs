namespace Realiz3D.Mesh.Diffusion;

/// <summary>What a tensor of a LoRA file is.</summary>
internal enum LoraRole
{
    /// <summary>Narrows to the rank.</summary>
    Down,

    /// <summary>Widens to the layer's outputs.</summary>
    Up,

    /// <summary>The update's alpha.</summary>
    Alpha,
}

/// <summary>The name of a tensor of a LoRA file, taken apart.</summary>
/// <param name="Component">Folder of the component, such as "unet".</param>
/// <param name="Layer">Name of the layer with underscores for dots, such as "down_blocks_0_..._to_q".</param>
/// <param name="Role">What it is.</param>
/// <remarks>
/// Spellings: diffusers (<c>unet.X.lora.down.weight</c>, <c>unet.X.processor.to_q_lora.down.weight</c>,
/// <c>text_encoder.X.lora_linear_layer.up.weight</c>), peft (<c>X.lora_A.weight</c>, <c>base_model.model.X.lora_B.default.weight</c>),
/// kohya (<c>lora_unet_X.lora_up.weight</c>, <c>lora_te_X.alpha</c>).
/// </remarks>
internal sealed record LoraKey(string Component, string Layer, LoraRole Role)
{
    private static readonly (string Ending, LoraRole Role)[] Endings =
    [
        (".lora_linear_layer.down.weight", LoraRole.Down), (".lora_linear_layer.up.weight", LoraRole.Up),
        (".lora.down.weight", LoraRole.Down), (".lora.up.weight", LoraRole.Up), (".lora.alpha", LoraRole.Alpha),
        ("_lora.down.weight", LoraRole.Down), ("_lora.up.weight", LoraRole.Up), ("_lora.alpha", LoraRole.Alpha),
        (".lora_A.default.weight", LoraRole.Down), (".lora_B.default.weight", LoraRole.Up),
        (".lora_A.weight", LoraRole.Down), (".lora_B.weight", LoraRole.Up),
        (".lora_down.weight", LoraRole.Down), (".lora_up.weight", LoraRole.Up),
        (".alpha", LoraRole.Alpha),
    ];

    private static readonly (string Beginning, string Component)[] Beginnings =
    [
        ("base_model.model.", ""), ("unet.", "unet"), ("text_encoder.", "text_encoder"), ("text_encoder_2.", "text_encoder_2"),
        ("lora_unet_", "unet"), ("lora_te_", "text_encoder"), ("lora_te1_", "text_encoder"), ("lora_te2_", "text_encoder_2"),
    ];

    /// <summary>Takes a name apart.</summary>
    /// <param name="name">Name in the file; without a component's name it belongs to the U-Net.</param>
    /// <returns>Its parts, or null if it is no part of a LoRA.</returns>
    public static LoraKey? Parse(string name)
    {
        var (ending, role) = Array.Find(Endings, pair => name.EndsWith(pair.Ending, StringComparison.Ordinal));
        if (ending is null)
        {
            return null;
        }

        var (component, layer) = ("", name[..^ending.Length]);
        foreach (var (beginning, owner) in Beginnings)
        {
            if (component.Length == 0 && layer.StartsWith(beginning, StringComparison.Ordinal))
            {
                (component, layer) = (owner, layer[beginning.Length..]);
            }
        }

        layer = layer.Replace(".processor.", ".", StringComparison.Ordinal).Replace('.', '_');
        layer = layer.EndsWith("_to_out", StringComparison.Ordinal) ? layer + "_0" : layer;
        return new LoraKey(component.Length == 0 ? "unet" : component, layer, role);
    }
}
