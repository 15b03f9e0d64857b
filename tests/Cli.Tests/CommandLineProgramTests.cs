using Grpc.Core;
using Realiz3D.Mesh.Contracts.Jobs.V1;

namespace Realiz3D.Mesh.CommandLine.Tests;

public sealed class CommandLineProgramTests : IAsyncLifetime, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("realiz3d-cli-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private FakeJobs _jobs = null!;

    public async Task InitializeAsync() => _jobs = await FakeJobs.StartAsync();

    public async Task DisposeAsync()
    {
        await _jobs.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Generate_LeavesAssetSheetAndReport_AndTellsThem()
    {
        var code = await RunAsync("generate", "a red zorgon vase", "--seed", "7", "--out", At("vase.glb"));

        Assert.Equal((0, $"{At("vase.glb")}  {At("vase.png")}  {At("vase.json")}\n"), (code, $"{_output}"));
        Assert.Equal(_jobs.Files[JobFile.Asset], await File.ReadAllBytesAsync(At("vase.glb")));
        Assert.Equal(_jobs.Files[JobFile.Sheet], await File.ReadAllBytesAsync(At("vase.png")));
        Assert.Equal(_jobs.Files[JobFile.Report], await File.ReadAllBytesAsync(At("vase.json")));
        var submitted = Assert.Single(_jobs.Submitted);
        Assert.Equal(("a red zorgon vase", 7UL), (submitted.Spec.Prompt, submitted.Spec.Seed));
        var lines = _error.ToString().Split('\n');
        Assert.Equal(["waiting, 2 ahead", "1/4 views, step 7 of 20, 32 s left", "done"], lines[..3]);
        Assert.EndsWith("silhouettes agree to 0.963; words that the model does not know: zorgon", lines[3]);
    }

    [Fact]
    public async Task Generate_OfAJobThatFails_TellsItsSentences_AndKeepsTheOldFiles()
    {
        _jobs.End = new Job
        {
            JobId = "1",
            State = JobState.Failed,
            Failure = new JobFailure { Message = "vae/model.safetensors lacks x.weight.", Suggestion = "Then retry." },
        };
        await File.WriteAllTextAsync(At("vase.glb"), "old");

        var code = await RunAsync("generate", "vase", "--out", At("vase.glb"));

        Assert.Equal((1, "mesh: vae/model.safetensors lacks x.weight. Then retry."), (code, LastError()));
        Assert.Equal("old", await File.ReadAllTextAsync(At("vase.glb")));
        Assert.False(File.Exists(At("vase.png")));
    }

    [Fact]
    public async Task Generate_WhenTheJobStoreIsLost_TellsItsSentence()
    {
        const string sentence = "The job store does not answer (Redis at 127.0.0.1:1).";
        _jobs.During = _ => throw new RpcException(new Status(StatusCode.Unavailable, sentence));

        var code = await RunAsync("generate", "vase", "--out", At("vase.glb"));

        Assert.Equal((1, $"mesh: {sentence}"), (code, LastError()));
    }

    [Fact]
    public async Task Generate_WhenTheMeshDies_SaysThatItCannotBeReached()
    {
        var dying = new TaskCompletionSource();
        _jobs.During = cancel =>
        {
            dying.TrySetResult();
            return Task.Delay(Timeout.Infinite, cancel);
        };
        var running = RunAsync("generate", "vase", "--out", At("vase.glb"));
        await dying.Task;
        await _jobs.DisposeAsync();

        var code = await running.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal((1, $"mesh: The mesh cannot be reached at {_jobs.Address}; start it with `./mesh up`."), (code, LastError()));
        _jobs = await FakeJobs.StartAsync();
    }

    [Fact]
    public async Task Generate_WithoutAMesh_SaysThatItCannotBeReached()
    {
        var code = await CommandLineProgram.RunAsync(
            ["generate", "vase", "--out", At("vase.glb"), "--gateway", "http://127.0.0.1:1"], _output, _error, default);

        Assert.Equal((1, "mesh: The mesh cannot be reached at http://127.0.0.1:1; start it with `./mesh up`."), (code, LastError()));
    }

    [Fact]
    public async Task Generate_Interrupted_CancelsTheJob()
    {
        using var stop = new CancellationTokenSource();
        _jobs.During = cancel =>
        {
            stop.CancelAfter(50);
            return Task.Delay(Timeout.Infinite, cancel);
        };

        var code = await CommandLineProgram.RunAsync(
            ["generate", "vase", "--out", At("vase.glb"), "--gateway", _jobs.Address], _output, _error, stop.Token);

        Assert.Equal((130, "mesh: cancelled."), (code, LastError()));
        Assert.Equal(["1"], _jobs.Canceled);
        Assert.Empty(Directory.GetFiles(_directory));
    }

    [Fact]
    public async Task Generate_WhoseOutputCannotBeWritten_SubmitsNothing()
    {
        Directory.CreateDirectory(At("folder.glb"));
        Directory.CreateDirectory(At("half.png"));
        (string Out, string Sentence)[] cases =
        [
            (At("vase.gltf"), $"--out is '{At("vase.gltf")}'; it must end in .glb."),
            (At("none/vase.glb"), $"{At("none/vase.glb")} cannot be written: the folder does not exist."),
            (At("folder.glb"), $"{At("folder.glb")} cannot be written: it is a folder, or writing is not allowed."),
            (At("half.glb"), $"{At("half.png")} cannot be written: it is a folder, or writing is not allowed."),
        ];

        foreach (var (path, sentence) in cases)
        {
            Assert.Equal((2, $"mesh: {sentence}"), (await RunAsync("generate", "vase", "--out", path), LastError()));
        }

        Assert.Empty(_jobs.Submitted);
        Assert.Empty(Directory.GetFiles(_directory));
    }

    [Fact]
    public async Task Check_OnlyChecks()
    {
        Assert.Equal(0, await RunAsync("check", "generate", "vase", "--out", At("vase.glb")));
        Assert.Equal(2, await RunAsync("check", "generate", "vase", "--steps", "-1", "--out", At("vase.glb")));
        Assert.Equal("mesh: --steps is '-1'; it must be a whole number from 1 to 200.", LastError());
        Assert.Empty(_jobs.Submitted);
    }

    [Fact]
    public async Task Help_AndUnknownCommands()
    {
        Assert.Equal(0, await CommandLineProgram.RunAsync(["generate", "--help"], _output, _error, default));
        Assert.StartsWith("usage: generate", _output.ToString());
        Assert.Equal(2, await RunAsync("fly"));
        Assert.Equal("mesh: 'fly' is no command; there are generate, process, controls, bake, relight and check.", LastError());
    }

    private string At(string name) => Path.Combine(_directory, name);

    private string LastError() => _error.ToString().TrimEnd('\n').Split('\n')[^1];

    private Task<int> RunAsync(params string[] arguments) => CommandLineProgram.RunAsync(
        [.. arguments, "--gateway", _jobs.Address], _output, _error, CancellationToken.None);
}
