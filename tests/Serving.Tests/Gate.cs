namespace Realiz3D.Mesh.Serving.Tests;

/// <summary>A network that waits inside its pass until the test lets it go on.</summary>
internal sealed class Gate : IDisposable
{
    /// <summary>How long a test waits for what must come.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualResetEventSlim _open = new();
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _rows;

    public Gate() => Pass = step =>
    {
        Interlocked.Add(ref _rows, (int)step.Latents.shape[0]);
        _entered.TrySetResult();
        Assert.True(_open.Wait(Patience));
        return step.Latents.clone();
    };

    public DenoisePass Pass { get; }

    public int Rows => Volatile.Read(ref _rows);

    public Task EnteredAsync() => _entered.Task.WaitAsync(Patience);

    public void Open() => _open.Set();

    public void Dispose()
    {
        _open.Set();
        _open.Dispose();
    }
}
