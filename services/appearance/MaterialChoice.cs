using Realiz3D.Mesh.Contracts.Texturing.V1;
using Realiz3D.Mesh.Scenes;

namespace Realiz3D.Mesh.Texturing;

/// <summary>Roughness and metallic of an asset, and where they come from.</summary>
/// <param name="Roughness">0 to 1.</param>
/// <param name="Metallic">0 to 1.</param>
/// <param name="Source">Who decided.</param>
/// <param name="Word">The prompt's words, where they decided; otherwise empty.</param>
internal sealed record MaterialChoice(float Roughness, float Metallic, MaterialSource Source, string Word)
{
    /// <summary>The request's own values before the prompt's material word before the default.</summary>
    public static MaterialChoice For(TextureJob job)
    {
        var read = MaterialLexicon.Lookup(job.Prompt);
        var (roughness, metallic) = (job.Roughness ?? (float)read.Roughness, job.Metallic ?? (float)read.Metallic);
        if (job.Roughness is not null || job.Metallic is not null)
        {
            return new MaterialChoice(roughness, metallic, MaterialSource.Request, "");
        }

        return read.Words is null
            ? new MaterialChoice(roughness, metallic, MaterialSource.Default, "")
            : new MaterialChoice(roughness, metallic, MaterialSource.Prompt, read.Words);
    }

    /// <summary>The source as it stands in an asset's extras.</summary>
    public string SourceName => Source switch
    {
        MaterialSource.Request => "request",
        MaterialSource.Prompt => "prompt",
        _ => "default",
    };
}
