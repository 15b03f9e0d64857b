namespace Realiz3D.Mesh.Jobs;

/// <summary>Tells a waiter that something happened; happening often before it looks counts once.</summary>
internal sealed class Signal : IDisposable
{
    private readonly SemaphoreSlim _happened = new(0, 1);
    private readonly Lock _lock = new();
    private bool _disposed;

    public void Set()
    {
        lock (_lock)
        {
            if (!_disposed && _happened.CurrentCount == 0)
            {
                _happened.Release();
            }
        }
    }

    /// <summary>Waits until it happens, at most for a time.</summary>
    public Task WaitAsync(TimeSpan longest, CancellationToken cancel) => _happened.WaitAsync(longest, cancel);

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _happened.Dispose();
        }
    }
}
