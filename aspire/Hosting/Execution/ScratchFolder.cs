namespace Aspire.Hosting.Execution;

/// <summary>A folder for what one process keeps while the application runs, such as Redis' append-only file.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public ScratchFolder(string name) => Path = Directory.CreateTempSubdirectory($"aspire-{name}-").FullName;

    public string Path { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
