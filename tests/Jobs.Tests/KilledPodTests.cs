using Grpc.Core;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Denoising.Tests;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Jobs.Tests;

/// <summary>Real denoiser processes behind the job service. The other stages are fakes.</summary>
public sealed class KilledPodTests : IAsyncLifetime, IDisposable
{
    private const int Steps = 13;

    private readonly TemporaryDirectory _models = new();
    private readonly Uri[] _addresses = [RunningPod.FreeAddress(), RunningPod.FreeAddress()];
    private JobsHost _host = null!;

    public async Task InitializeAsync()
    {
        TinyModel.Write(Path.Combine(_models.Path, "realiz3d-mini"));
        _host = await JobsHost.StartAsync([.. _addresses.Select((address, pod) => $"--services:denoiser-{pod}:http:0={address}")]);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _models.Dispose();

    [Fact]
    public async Task PodKilledInMidStep_OneThatJoinedMeanwhileGoesOn_ToTheSameViews()
    {
        await using var first = await StartAsync(_addresses[0]);
        var broken = await SubmitAsync();
        using var watch = _host.Client.Watch(new WatchRequest { JobId = broken }, deadline: DateTime.UtcNow + (4 * JobsHost.Timeout));
        List<(int Step, bool AfterTheKill)> seen = [];
        RunningPod? second = null;
        Job? end = null;
        try
        {
            await foreach (var news in watch.ResponseStream.ReadAllAsync())
            {
                end = news.Job;
                if (news is not { Stage: Stage.Views, Progress: { Message: "painting", Step: var step } })
                {
                    continue;
                }

                seen.Add((step, second is not null));
                if (second is null && step >= 6)
                {
                    // It stands still while the other starts, so that it dies in the middle of a step however slow this machine is.
                    first.Freeze();
                    second = await StartAsync(_addresses[1]);
                    await first.KillAsync();
                }
            }

            var whole = await _host.EndOfAsync(await SubmitAsync());

            Assert.Equal((JobState.Succeeded, 1), (end!.State, end.AttemptCount));
            Assert.Equal(JobState.Succeeded, whole.State);
            Assert.Equal(whole.FinishedStages[0].ArtifactId, end.FinishedStages[0].ArtifactId);
            var later = seen.Where(progress => progress.AfterTheKill).Select(progress => progress.Step).ToArray();
            Assert.NotEmpty(later); // any of them may be missing, the last too: a watch tells the newest of what comes together
            Assert.True(later.Min() > 5, $"Step {later.Min()} was taken again, behind the state that was saved at 5.");
        }
        finally
        {
            if (second is not null)
            {
                await second.DisposeAsync();
            }
        }
    }

    private async Task<string> SubmitAsync() =>
        (await _host.SubmitAsync(new JobSpec { Prompt = "a red vase", Seed = 7, StepCount = Steps })).JobId;

    private Task<RunningPod> StartAsync(Uri address) => RunningPod.StartAsync(address, new Dictionary<string, string>
    {
        ["REALIZ3D_MODELS"] = _models.Path,
        ["REALIZ3D_ARTIFACTS"] = _host.Artifacts.Root,
        ["REALIZ3D_DEVICE"] = "simulated:100ms",
    });
}
