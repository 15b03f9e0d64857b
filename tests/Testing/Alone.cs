namespace Realiz3D.Mesh.Testing;

/// <summary>Runs a test on a thread of its own: what other tests left to the collector must not change its counts.</summary>
public static class Alone
{
    /// <param name="body">The test.</param>
    public static void Run(Action body) => Run(() =>
    {
        body();
        return true;
    }).GetAwaiter().GetResult();

    /// <typeparam name="T">What the test answers.</typeparam>
    /// <param name="body">The test.</param>
    /// <returns>Its answer.</returns>
    public static Task<T> Run<T>(Func<T> body) =>
        Task.Factory.StartNew(body, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
