using System.Collections.Concurrent;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Keeps what the resources say, of each the latest lines.</summary>
public class ResourceLoggerService
{
    private const int MaxLines = 1000;

    private readonly ConcurrentDictionary<IResource, ResourceLog> _logs = new();

    internal ResourceLoggerService()
    {
    }

    /// <summary>What a resource has said so far, its replicas mixed as they spoke.</summary>
    public async IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        await ValueTask.CompletedTask.ConfigureAwait(false);
        yield return _logs.TryGetValue(resource, out var log) ? log.Lines : [];
    }

    internal void Add(IResource resource, string line, bool isError) =>
        _logs.GetOrAdd(resource, _ => new ResourceLog()).Add(line, isError);

    private sealed class ResourceLog
    {
        private readonly Queue<LogLine> _lines = new();
        private int _count;

        public IReadOnlyList<LogLine> Lines
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public void Add(string line, bool isError)
        {
            lock (_lines)
            {
                _lines.Enqueue(new LogLine(++_count, line, isError));
                if (_lines.Count > MaxLines)
                {
                    _lines.Dequeue();
                }
            }
        }
    }
}

/// <summary>A line that a resource has said.</summary>
/// <param name="LineNumber">Its number, from 1.</param>
/// <param name="Content">The line.</param>
/// <param name="IsErrorMessage">It was written to the standard error.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);
