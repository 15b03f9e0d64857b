namespace Realiz3D.Mesh.Diffusion;

/// <summary>The form of the ControlNet that goes with a U-Net.</summary>
internal static class ControlNetForm
{
    /// <summary>Takes over what both configurations have.</summary>
    /// <exception cref="ArgumentException">The U-Net's encoder has something that a ControlNet cannot have.</exception>
    public static ControlNetConfig Of(UNetConfig unet)
    {
        if (Missing(unet) is { } key)
        {
            throw new ArgumentException($"No ControlNet can be made from this U-Net: a ControlNet has no {key} of that value.");
        }

        return new ControlNetConfig
        {
            InChannels = unet.InChannels,
            FlipSinToCos = unet.FlipSinToCos,
            FreqShift = unet.FreqShift,
            DownBlockTypes = unet.DownBlockTypes,
            OnlyCrossAttention = unet.OnlyCrossAttention,
            BlockOutChannels = unet.BlockOutChannels,
            LayersPerBlock = unet.LayersPerBlock[0],
            DownsamplePadding = unet.DownsamplePadding,
            MidBlockScaleFactor = unet.MidBlockScaleFactor,
            ActFn = unet.ActFn,
            NormNumGroups = unet.NormNumGroups,
            NormEps = unet.NormEps,
            CrossAttentionDim = unet.CrossAttentionDim[0],
            TransformerLayersPerBlock =
                Enumerable.Range(0, unet.BlockOutChannels.Count).Select(i => unet.TransformerLayersPerBlock[i][0]).ToArray(),
            AttentionHeadDim = unet.AttentionHeadDim,
            UseLinearProjection = unet.UseLinearProjection,
            ClassEmbedType = unet.ClassEmbedType,
            AdditionEmbedType = unet.AdditionEmbedType,
            AdditionTimeEmbedDim = unet.AdditionTimeEmbedDim,
            NumClassEmbeds = unet.NumClassEmbeds,
            UpcastAttention = unet.UpcastAttention,
            ResnetTimeScaleShift = unet.ResnetTimeScaleShift,
            ProjectionClassEmbeddingsInputDim = unet.ProjectionClassEmbeddingsInputDim,
            AdditionEmbedTypeNumHeads = unet.AdditionEmbedTypeNumHeads,
        };
    }

    /// <summary>The first key whose value only a U-Net can have.</summary>
    private static string? Missing(UNetConfig unet) => unet switch
    {
        { ConvInKernel: not 3 } => "conv_in_kernel",
        { CenterInputSample: true } => "center_input_sample",
        { TimeEmbeddingType: not UNetTime.Positional } => "time_embedding_type",
        { TimeEmbeddingDim: not null } => "time_embedding_dim",
        { TimeEmbeddingActFn: not null } => "time_embedding_act_fn",
        { TimestepPostAct: not null } => "timestep_post_act",
        { TimeCondProjDim: not null } => "time_cond_proj_dim",
        { ClassEmbeddingsConcat: true } => "class_embeddings_concat",
        { TextProjection: not null } => "encoder_hid_dim_type",
        { MidBlockType: not UNetLevels.MiddleWithAttention } => "mid_block_type",
        { LayersPerBlock.IsList: true } => "layers_per_block",
        _ when unet.TransformerLayersPerBlock.Values.Any(depth => depth.IsList) => "transformer_layers_per_block",
        _ => null,
    };
}
