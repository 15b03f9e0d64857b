namespace Realiz3D.Mesh.Denoising;

/// <summary>What the pipeline reports while it works.</summary>
internal abstract record DenoiseUpdate
{
    /// <summary>A sampler step is done.</summary>
    /// <param name="Done">Steps done.</param>
    /// <param name="Count">Steps in all.</param>
    /// <param name="PreviewPng">The views as the model guesses them now; empty at most steps.</param>
    public sealed record Step(int Done, int Count, byte[] PreviewPng) : DenoiseUpdate;

    /// <summary>The views are painted and stored.</summary>
    /// <param name="ViewsArtifactId">Where.</param>
    /// <param name="Model">Name of the model that painted them.</param>
    /// <param name="ModelHash">Its hash.</param>
    /// <param name="KnownWords">Words of the prompt in the caption grammar.</param>
    /// <param name="UnknownWords">Words outside it.</param>
    public sealed record Finished(
        string ViewsArtifactId,
        string Model,
        string ModelHash,
        IReadOnlyList<string> KnownWords,
        IReadOnlyList<string> UnknownWords) : DenoiseUpdate;
}
