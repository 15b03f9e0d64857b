namespace Realiz3D.Mesh.Storage.Tests;

/// <summary>A directory for one test, removed at its end.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("realiz3d-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
