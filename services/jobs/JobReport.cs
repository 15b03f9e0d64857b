using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Contracts.Measuring.V1;
using Realiz3D.Mesh.Contracts.Shaping.V1;
using Realiz3D.Mesh.Contracts.Texturing.V1;

namespace Realiz3D.Mesh.Jobs;

/// <summary>What a job tells about its asset: where it comes from, and how good it is.</summary>
/// <remarks>
/// Provenance and measurements go into the asset as they are; they hold no times, so that the same views make the same
/// asset. The report file has both and the seconds of each stage.
/// </remarks>
internal sealed class JobReport
{
    private static readonly JsonSerializerOptions s_readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // a file for people, never part of a page
    };

    private static readonly string s_version = typeof(JobReport).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private readonly JsonObject _source;
    private readonly GeneratedViews? _painted;

    private JobReport(string viewsArtifactId, string prompt, JsonObject source, GeneratedViews? painted)
    {
        ViewsArtifactId = viewsArtifactId;
        Prompt = prompt;
        _source = source;
        _painted = painted;
    }

    /// <summary>The views that everything else was made of.</summary>
    public string ViewsArtifactId { get; }

    /// <summary>The object in words: the prompt, or a scene's caption.</summary>
    public string Prompt { get; }

    /// <summary>Begins the report of a job whose views a model painted.</summary>
    public static JobReport Of(JobSpec spec, GeneratedViews views) => new(
        views.ViewsArtifactId,
        spec.Prompt,
        new JsonObject
        {
            ["prompt"] = spec.Prompt,
            ["seed"] = spec.Seed,
            ["source"] = "model",
            ["model"] = views.Model,
            ["modelHash"] = views.ModelHash,
            ["steps"] = views.StepCount,
            ["guidance"] = views.GuidanceScale,
        },
        views);

    /// <summary>Begins the report of a job whose views are exact renders.</summary>
    public static JobReport Of(JobSpec spec, SceneViews views) => new(
        views.ViewsArtifactId,
        views.Caption,
        new JsonObject
        {
            ["prompt"] = views.Caption,
            ["seed"] = spec.Seed,
            ["source"] = "scene",
            ["scene"] = views.Category,
        },
        painted: null);

    /// <summary>Where the asset comes from.</summary>
    public JsonObject Provenance()
    {
        var provenance = _source.DeepClone().AsObject();
        provenance["views"] = ViewsArtifactId;
        provenance["versions"] = new JsonObject
        {
            ["mesh"] = s_version,
            ["dotnet"] = Environment.Version.ToString(),
        };
        return provenance;
    }

    /// <summary>How good the asset is.</summary>
    public JsonObject Measurements(TexturedAsset asset, Evaluation evaluation)
    {
        var report = new JsonObject
        {
            ["meanSilhouetteIou"] = evaluation.MeanSilhouetteIou,
            ["views"] = new JsonArray([.. evaluation.Views.Select(view => new JsonObject
            {
                ["azimuthDegrees"] = view.AzimuthDegrees,
                ["elevationDegrees"] = view.ElevationDegrees,
                ["silhouetteIou"] = view.SilhouetteIou,
            })]),
            ["texelCoverage"] = evaluation.HasTexelCoverage ? evaluation.TexelCoverage : asset.TexelCoverage,
            ["material"] = new JsonObject
            {
                ["roughness"] = asset.Roughness,
                ["metallic"] = asset.Metallic,
                ["from"] = asset.MaterialSource switch
                {
                    MaterialSource.Request => "request",
                    MaterialSource.Prompt => "prompt",
                    _ => "default",
                },
                ["word"] = asset.MaterialWord.Length > 0 ? asset.MaterialWord : null,
            },
        };
        if (evaluation.Mesh is { } mesh)
        {
            report["mesh"] = new JsonObject
            {
                ["vertices"] = mesh.VertexCount,
                ["faces"] = mesh.FaceCount,
                ["closed"] = mesh.Closed,
                ["manifold"] = mesh.Manifold,
                ["components"] = mesh.ComponentCount,
                ["eulerCharacteristic"] = mesh.EulerCharacteristic,
            };
        }

        if (_painted is { } painted)
        {
            report["knownWords"] = new JsonArray([.. painted.KnownWords.Select(word => JsonValue.Create(word))]);
            report["unknownWords"] = new JsonArray([.. painted.UnknownWords.Select(word => JsonValue.Create(word))]);
        }

        return report;
    }

    /// <summary>The report file: provenance, seconds per stage and measurements.</summary>
    public byte[] ToJson(Job job, TexturedAsset asset, Evaluation evaluation)
    {
        var file = Provenance();
        file["jobId"] = job.JobId;
        file["secondsPerStage"] = new JsonObject(job.FinishedStages.Select(finished => KeyValuePair.Create(
            JsonNamingPolicy.CamelCase.ConvertName(finished.Stage.ToString()),
            (JsonNode?)Math.Round(finished.Duration.ToTimeSpan().TotalSeconds, 3))));
        file["report"] = Measurements(asset, evaluation);
        return Encoding.UTF8.GetBytes(file.ToJsonString(s_readable) + "\n");
    }
}
