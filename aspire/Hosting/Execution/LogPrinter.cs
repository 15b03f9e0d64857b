using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Execution;

/// <summary>Prints what the processes say, each line behind its resource's name.</summary>
internal sealed class LogPrinter(TextWriter output, IReadOnlyCollection<IResource> resources)
{
    private readonly int _width = resources.Count == 0 ? 0 : resources.Max(resource => resource.Name.Length);
    private readonly Lock _lock = new();

    public void Print(string resourceName, string line)
    {
        lock (_lock)
        {
            output.WriteLine($"{resourceName.PadRight(_width)} | {line}");
        }
    }
}
