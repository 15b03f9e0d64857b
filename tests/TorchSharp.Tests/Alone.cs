namespace Realiz3D.Mesh.TorchSharp.Tests;

/// <summary>Runs a test on a thread of its own: what other tests left to the collector must not change its counts.</summary>
internal static class Alone
{
    public static void Run(Action body) => Run(() =>
    {
        body();
        return true;
    }).GetAwaiter().GetResult();

    public static Task<T> Run<T>(Func<T> body) =>
        Task.Factory.StartNew(body, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
