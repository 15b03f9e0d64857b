using System.Text;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Jobs;

/// <summary>A job as it was read: the message that clients see, and the record that it stands in.</summary>
internal sealed record StoredJob(Job Job, StoredRecord Record)
{
    /// <summary>Part of the record that holds the last report, a <see cref="WatchResponse"/>.</summary>
    public const string ReportPart = "report";

    /// <summary>Part of the record that names who pays for the job, in UTF-8.</summary>
    public const string TenantPart = "tenant";

    /// <summary>Part of the record that names the state from which its painting can go on, in UTF-8.</summary>
    public const string StatePart = "state";

    /// <summary>Who pays for the job; empty where nobody was named.</summary>
    public string Tenant => Text(TenantPart);

    /// <summary>The artifact from which its painting can go on; empty where there is none.</summary>
    public string StateArtifactId => Text(StatePart);

    /// <summary>Whether the job will not change by itself any more.</summary>
    public bool HasEnded => Job.State is JobState.Succeeded or JobState.Failed or JobState.Canceled;

    /// <summary>The last report of the stage that runs. Null when there is none, or only one of an earlier stage.</summary>
    public WatchResponse? LastReport =>
        Job.State == JobState.Running
        && Record.Parts.TryGetValue(ReportPart, out var bytes)
        && WatchResponse.Parser.ParseFrom(bytes) is var report
        && report.Stage == Job.Stage
            ? report
            : null;

    private string Text(string part) => Record.Parts.TryGetValue(part, out var bytes) ? Encoding.UTF8.GetString(bytes) : "";
}
