using Realiz3D.Mesh.Conformance.Kinds;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Conformance;

/// <summary>How each kind of case is run.</summary>
public static class CaseRunners
{
    /// <summary>Computes a case's outputs and hands each to <see cref="GoldenCase.Compare"/>, for every kind that is known.</summary>
    public static IReadOnlyDictionary<string, Action<GoldenCase>> ByKind { get; } = new Dictionary<string, Action<GoldenCase>>
    {
        ["antialias"] = AntialiasKind.Run,
        ["autoencoder_kl"] = AutoencoderKind.Run,
        ["bad_inputs"] = BadInputsKind.Run,
        ["brdf"] = BrdfKind.Run,
        ["camera"] = CameraKind.Run,
        ["chamfer"] = ChamferKind.Run,
        ["clip_dual"] = ClipDualKind.Run,
        ["clip_preprocess"] = ClipPreprocessKind.Run,
        ["clip_text"] = ClipTextKind.Run,
        ["clip_tokenizer"] = ClipTokenizerKind.Run,
        ["clip_vision"] = ClipVisionKind.Run,
        ["controlnet"] = ControlNetKind.Run,
        ["cubemap"] = CubeMapKind.Run,
        ["f_score"] = FScoreKind.Run,
        ["flexicubes"] = FlexiCubesKind.Run,
        ["glb"] = GlbKind.Run,
        ["hash_encoding"] = HashEncodingKind.Run,
        ["ipe"] = IntegratedEncodingKind.Run,
        ["lora"] = LoraKind.Run,
        ["marching_tetrahedra"] = MarchingTetrahedraKind.Run,
        ["mesh_sampling"] = MeshSamplingKind.Run,
        ["mesh_stats"] = MeshStatsKind.Run,
        ["normal_consistency"] = NormalConsistencyKind.Run,
        ["pdf_sampling"] = PdfSamplingKind.Run,
        ["rasterize"] = RasterizeKind.Run,
        ["scheduler"] = SchedulerKind.Run,
        ["sds"] = ScoreDistillationKind.Run,
        ["split_sum"] = SplitSumKind.Run,
        ["t2i_pipeline"] = TextToImageKind.Run,
        ["tonemap"] = ToneMapKind.Run,
        ["transformer2d"] = TransformerKind.Run,
        ["triplane_sampling"] = TriplaneKind.Run,
        ["unet2d_condition"] = UNetKind.Run,
        ["view_prompt"] = ViewPromptKind.Run,
        ["volume_iou"] = VolumeIouKind.Run,
        ["volume_rendering"] = VolumeRenderingKind.Run,
        ["zero123plus"] = Zero123PlusKind.Run,
    };
}
