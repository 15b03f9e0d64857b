namespace Realiz3D.Mesh.Diffusion;

/// <summary>What a <see cref="UNetConfig"/> may say.</summary>
internal static class UNetConfigChecks
{
    private static readonly string[] ClassKinds = ["timestep", "identity", "projection", "simple_projection"];
    private static readonly string[] AdditionKinds = ["text", "text_time", "text_image", "image"];
    private static readonly string[] ProjectionKinds = ["text_proj", "text_image_proj", "image_proj"];

    /// <summary>The first fault, by its key, in one sentence; null when there is none.</summary>
    public static string? Problem(UNetConfig config) =>
        Kinds(config) ?? Lengths(config) ?? Widths(config) ?? Conditions(config);

    private static string? Kinds(UNetConfig config) =>
        OneOf("down_block_types", config.DownBlockTypes, UNetLevels.Down, UNetLevels.DownWithAttention)
        ?? OneOf("up_block_types", config.UpBlockTypes, UNetLevels.Up, UNetLevels.UpWithAttention)
        ?? OneOf("mid_block_type", config.MidBlockType, UNetLevels.MiddleWithAttention, UNetLevels.Middle)
        ?? OneOf("time_embedding_type", config.TimeEmbeddingType, UNetTime.Positional, UNetTime.Fourier)
        ?? OneOf(
            "resnet_time_scale_shift", config.ResnetTimeScaleShift,
            UNetResidualBlock.Adds, UNetResidualBlock.Modulates, UNetResidualBlock.ModulatesBothNorms)
        ?? OneOf("class_embed_type", config.ClassEmbedType, ClassKinds)
        ?? OneOf("addition_embed_type", config.AdditionEmbedType, AdditionKinds)
        ?? OneOf("encoder_hid_dim_type", config.EncoderHidDimType, ProjectionKinds)
        ?? OneOf("attention_type", config.AttentionType, "default")
        ?? Activation("act_fn", config.ActFn)
        ?? Activation("time_embedding_act_fn", config.TimeEmbeddingActFn)
        ?? Activation("timestep_post_act", config.TimestepPostAct)
        ?? (config.DualCrossAttention ? "dual_cross_attention must be false." : null)
        ?? (config.NumAttentionHeads is not null
            ? "num_attention_heads must be null; the number of heads is given as attention_head_dim." : null);

    private static string? Lengths(UNetConfig config)
    {
        var levels = config.BlockOutChannels.Count;
        return levels == 0 ? "block_out_channels is empty."
            : config.DownBlockTypes.Count != levels ? Uneven("down_block_types", levels)
            : config.UpBlockTypes.Count != levels ? Uneven("up_block_types", levels)
            : !config.OnlyCrossAttention.Covers(levels) ? Uneven("only_cross_attention", levels)
            : !config.LayersPerBlock.Covers(levels) ? Uneven("layers_per_block", levels)
            : !config.CrossAttentionDim.Covers(levels) ? Uneven("cross_attention_dim", levels)
            : !config.AttentionHeadDim.Covers(levels) ? Uneven("attention_head_dim", levels)
            : Depths(config, levels);
    }

    /// <summary>Transformer blocks: a list within a list has one entry per residual block of the level.</summary>
    private static string? Depths(UNetConfig config, int levels)
    {
        const string Key = "transformer_layers_per_block";
        var (down, up) = (config.TransformerLayersPerBlock, config.ReverseTransformerLayersPerBlock);
        if (!down.Covers(levels) || down.Values.Any(depth => depth.Values.Any(count => count < 0)))
        {
            return Uneven(Key, levels);
        }

        if (up is null)
        {
            return down.Values.Any(depth => depth.IsList)
                ? $"{Key} has lists within its list, so reverse_{Key} is needed too." : null;
        }

        return !up.IsList || !up.Covers(levels) ? Uneven($"reverse_{Key}", levels)
            : !Enumerable.Range(0, levels).All(i => down[i].Covers(config.LayersPerBlock[i]))
                ? $"{Key} must have one entry per residual block in each inner list."
            : !Enumerable.Range(0, levels).All(i => up[i].Covers(config.LayersPerBlock[levels - 1 - i] + 1))
                ? $"reverse_{Key} must have one entry per residual block of the way up in each inner list."
            : null;
    }

    private static string? Widths(UNetConfig config)
    {
        var levels = Enumerable.Range(0, config.BlockOutChannels.Count);
        return config switch
        {
            { InChannels: < 1 } or { OutChannels: < 1 } => "in_channels and out_channels must be at least 1.",
            { NormNumGroups: < 1 } => "norm_num_groups must be at least 1.",
            { DownsamplePadding: < 0 } => "downsample_padding must be at least 0.",
            { ConvInKernel: < 1 } or { ConvOutKernel: < 1 } => "conv_in_kernel and conv_out_kernel must be at least 1.",
            { MidBlockScaleFactor: 0 } => "mid_block_scale_factor must not be 0.",
            { Dropout: not (>= 0 and < 1) } => "dropout must lie in [0, 1).",
            { TimeEmbeddingDim: < 1 } => "time_embedding_dim must be at least 1.",
            { TimeCondProjDim: < 1 } => "time_cond_proj_dim must be at least 1.",
            _ when config.BlockOutChannels.Any(width => width < 1 || width % config.NormNumGroups != 0)
                => $"every entry of block_out_channels must be a multiple of norm_num_groups, {config.NormNumGroups}.",
            _ when levels.Any(i => config.LayersPerBlock[i] < 1) => "layers_per_block must be at least 1.",
            _ when levels.Any(i => config.CrossAttentionDim[i] < 1) => "cross_attention_dim must be at least 1.",
            _ when levels.Any(i => config.AttentionHeadDim[i] < 1 || config.AttentionHeadDim[i] > config.BlockOutChannels[i])
                => "attention_head_dim is the number of heads: 1 to the level's channels.",
            _ when config.TimeEmbeddingType == UNetTime.Fourier && config.TimeWidth % 2 != 0
                => $"time_embedding_dim is {config.TimeWidth}; time_embedding_type fourier needs an even one.",
            _ when config.TimeEmbeddingType == UNetTime.Positional
                && config.BlockOutChannels[0] / 2 - config.FreqShift <= 0
                => "freq_shift must be less than half the first entry of block_out_channels.",
            _ => null,
        };
    }

    private static string? Conditions(UNetConfig config) => config switch
    {
        { ClassEmbedType: "projection" or "simple_projection", ProjectionClassEmbeddingsInputDim: not >= 1 }
            or { AdditionEmbedType: "text_time", ProjectionClassEmbeddingsInputDim: not >= 1 }
            => "projection_class_embeddings_input_dim is needed by class_embed_type or addition_embed_type.",
        { AdditionEmbedType: "text_time", AdditionTimeEmbedDim: not >= 2 }
            => "addition_time_embed_dim is needed by addition_embed_type text_time.",
        { AdditionEmbedType: "image", EncoderHidDim: not >= 1 } or { EncoderHidDimType: not null, EncoderHidDim: not >= 1 }
            or { EncoderHidDim: < 1 } => "encoder_hid_dim is needed by encoder_hid_dim_type or addition_embed_type.",
        { NumClassEmbeds: < 1 } => "num_class_embeds must be at least 1.",
        { ClassEmbeddingsConcat: true, HasClasses: false } or { ClassEmbeddingsConcat: true, AdditionEmbedType: not null }
            => "class_embeddings_concat needs class embeddings, and no addition_embed_type.",
        { TextProjection: not null, CrossAttentionDim.IsList: true }
            or { AdditionEmbedType: "text" or "text_image", CrossAttentionDim.IsList: true }
            => "cross_attention_dim must be one number with encoder_hid_dim_type or addition_embed_type.",
        { AdditionEmbedType: "text" } when config.AdditionEmbedTypeNumHeads < 1
            || (config.EncoderHidDim ?? config.CrossAttentionDim[0]) % config.AdditionEmbedTypeNumHeads != 0
            => "addition_embed_type_num_heads must divide the width of the text.",
        _ => null,
    };

    private static string Uneven(string key, int levels) =>
        $"{key} must have one entry per entry of block_out_channels, {levels}.";

    private static string? Activation(string key, string? name) =>
        name is null || Activations.Knows(name) ? null : $"{key} is {name}; only {Activations.Names} are known.";

    private static string? OneOf(string key, string? value, params string[] known) =>
        value is null ? null : OneOf(key, [value], known);

    private static string? OneOf(string key, IEnumerable<string> values, params string[] known) =>
        values.FirstOrDefault(value => !known.Contains(value)) is { } other
            ? $"{key} says {other}; only {string.Join(" and ", known)} {(known.Length > 1 ? "are" : "is")} known." : null;
}
