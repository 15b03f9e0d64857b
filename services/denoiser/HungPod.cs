using Realiz3D.Mesh.Serving;

namespace Realiz3D.Mesh.Denoising;

/// <summary>The end of this process.</summary>
/// <param name="Announce">Sets the exit code, should the program end by itself first.</param>
/// <param name="Exit">Ends it with an exit code.</param>
internal sealed record ProcessEnd(Action<int> Announce, Action<int> Exit);

/// <summary>The end of a pod whose device hangs, for that does not heal: it takes no more calls, and goes when those it has had time to end.</summary>
/// <param name="lifetime">Of the service.</param>
/// <param name="process">This one; the step that hangs may keep it alive.</param>
/// <param name="logger">Told why.</param>
internal sealed class HungPod(IHostApplicationLifetime lifetime, ProcessEnd process, ILogger<HungPod> logger)
{
    /// <summary>EX_SOFTWARE of sysexits.h.</summary>
    public const int ExitCode = 70;

    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);

    /// <summary>Leaves.</summary>
    /// <param name="stuck">The step that hangs.</param>
    public void Leave(StepStuckException stuck)
    {
        Log.Stuck(logger, stuck.Message);
        process.Announce(ExitCode);
        lifetime.StopApplication();
        lifetime.ApplicationStopped.WaitHandle.WaitOne(s_grace);
        process.Exit(ExitCode);
    }
}
