namespace Realiz3D.Mesh.Denoising;

/// <summary>What the pipeline reports while it works.</summary>
internal abstract record DenoiseUpdate
{
    /// <summary>A sampler step is done.</summary>
    /// <param name="Done">Steps done.</param>
    /// <param name="Count">Steps in all.</param>
    /// <param name="PreviewPng">The views as the model guesses them now; empty at most steps.</param>
    /// <param name="StateArtifactId">From where the job can go on; empty at most steps.</param>
    public sealed record Step(int Done, int Count, byte[] PreviewPng, string StateArtifactId) : DenoiseUpdate
    {
        /// <summary>What is done, for people.</summary>
        public string Message { get; private init; } = "painting";

        /// <summary>Nothing was left to do.</summary>
        /// <param name="count">Steps in all.</param>
        /// <returns>The only report of such a job.</returns>
        public static Step Found(int count) => new(count, count, [], "") { Message = "found among finished work" };
    }

    /// <summary>The picture is painted and stored.</summary>
    /// <param name="ImageArtifactId">Where.</param>
    /// <param name="Model">The model that painted it.</param>
    /// <param name="Request">What was asked for, defaults filled in.</param>
    public sealed record Painted(string ImageArtifactId, TextToImageModel Model, ImageRequest Request) : DenoiseUpdate;

    /// <summary>The views are painted and stored.</summary>
    /// <param name="ViewsArtifactId">Where.</param>
    /// <param name="Model">The model that painted them.</param>
    /// <param name="Request">What was asked for, defaults filled in.</param>
    public sealed record Finished(string ViewsArtifactId, LoadedModel Model, PaintRequest Request) : DenoiseUpdate;
}
