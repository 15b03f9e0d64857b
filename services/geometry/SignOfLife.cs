namespace Realiz3D.Mesh.Shaping;

/// <summary>Reports while a long piece of work runs, so that nobody waits longer than five seconds for a word.</summary>
internal static class SignOfLife
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(4);

    /// <summary>Repeats a report until work is done.</summary>
    /// <remarks>
    /// It never leaves work behind: a reader that goes away waits for it too, because what the work uses is put away next. Cancelling is the work's own affair.
    /// </remarks>
    /// <param name="work">The work.</param>
    /// <param name="report">What is being done.</param>
    /// <param name="every">Time between two reports; 4 s when null.</param>
    /// <returns>The report, again and again. The work's failure is thrown at the end.</returns>
    public static async IAsyncEnumerable<GeometryUpdate> During(Task work, GeometryUpdate.Progress report, TimeSpan? every = null)
    {
        try
        {
            while (await Task.WhenAny(work, Task.Delay(every ?? s_every, CancellationToken.None)) != work)
            {
                yield return report;
            }
        }
        finally
        {
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await work;
    }
}
