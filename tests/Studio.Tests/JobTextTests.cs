using Google.Protobuf.WellKnownTypes;
using Realiz3D.Mesh.Contracts.Jobs.V1;

namespace Realiz3D.Mesh.Studio.Tests;

public class JobTextTests
{
    [Theory]
    [InlineData(Stage.Unspecified, 0, 0, "0")]
    [InlineData(Stage.Views, 0, 20, "0")]
    [InlineData(Stage.Views, 10, 20, "0.125")]
    [InlineData(Stage.Geometry, 0, 0, "0.25")]
    [InlineData(Stage.Metrics, 1, 1, "1")]
    [InlineData(Stage.Appearance, 9, 3, "0.75")] // never beyond the stage
    public void Fraction_CountsEachStageAlike(Stage stage, int step, int stepCount, string expected) =>
        Assert.Equal(expected, JobText.Fraction(Running(stage, step, stepCount)));

    [Fact]
    public void Stages_StandBehindAtAndAheadOfTheRunningOne() => Assert.Equal(
        ["done", "now", "ahead", "ahead"],
        JobText.Stages.Select(stage => JobText.StandingOf(stage, Running(Stage.Geometry, 1, 2))));

    [Fact]
    public void Describe_TellsStageStepAndTime()
    {
        var update = Running(Stage.Views, 3, 20);
        update.TimeLeft = Duration.FromTimeSpan(TimeSpan.FromSeconds(12.2));

        Assert.Equal("Views, step 3 of 20, 13 s left.", JobText.Describe(update));
    }

    [Fact]
    public void Describe_TellsThePlaceInTheQueue() => Assert.Equal(
        "Waiting; 2 ahead.", JobText.Describe(new WatchResponse { State = JobState.Queued, QueuePosition = 2 }));

    private static WatchResponse Running(Stage stage, int step, int stepCount) => new()
    {
        State = JobState.Running,
        Stage = stage,
        Progress = stepCount == 0 ? null : new StageProgress { Step = step, StepCount = stepCount },
    };
}
