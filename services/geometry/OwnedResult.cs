namespace Realiz3D.Mesh.Shaping;

/// <summary>Puts away what a task makes, also where nobody takes it any more.</summary>
/// <param name="work">The task; done, one way or another, when this is disposed.</param>
internal sealed class OwnedResult<T>(Task<T> work) : IDisposable
    where T : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        if (work.IsCompletedSuccessfully)
        {
            work.Result.Dispose();
        }
    }
}
