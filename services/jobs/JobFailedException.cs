namespace Realiz3D.Mesh.Jobs;

/// <summary>A stage cannot be done; the job ends.</summary>
/// <param name="message">What happened, in one sentence.</param>
/// <param name="suggestion">What to do about it, in one sentence.</param>
/// <param name="cause">What the stage's service answered, if it did.</param>
internal sealed class JobFailedException(string message, string suggestion, Exception? cause = null)
    : Exception(message, cause)
{
    public string Suggestion { get; } = suggestion;
}
