using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Execution;

/// <summary>Passes on what becomes of one process and what it says.</summary>
internal sealed class ResourceReporter(
    ResourceInstance instance,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    LogPrinter printer)
{
    /// <summary>Its process will be started, once those it depends on are healthy.</summary>
    public void Declared(bool mustWait) => Publish(snapshot => snapshot with
    {
        State = mustWait ? KnownResourceStates.Waiting : KnownResourceStates.Starting,
        Urls = [.. instance.Resource.Annotations.OfType<EndpointAnnotation>().Select(Url)],
    });

    public void Started(bool isChecked) => Publish(snapshot => snapshot with
    {
        State = KnownResourceStates.Running,
        HealthStatus = isChecked ? HealthStatus.Unhealthy : HealthStatus.Healthy,
        StartTimeStamp = DateTime.UtcNow,
        StopTimeStamp = null,
        ExitCode = null,
    });

    public void Checked(bool isHealthy) => Publish(snapshot => snapshot with
    {
        HealthStatus = isHealthy ? HealthStatus.Healthy : HealthStatus.Unhealthy,
    });

    /// <summary>Its process has ended and will be started again.</summary>
    public void Ended(int exitCode) => Publish(snapshot => snapshot with
    {
        State = KnownResourceStates.Starting,
        HealthStatus = null,
        StopTimeStamp = DateTime.UtcNow,
        ExitCode = exitCode,
    });

    public void GivenUp(string reason) => Close(KnownResourceStates.FailedToStart, reason);

    public void Stopped() => Close(KnownResourceStates.Exited, $"{instance.Resource.Name} was stopped.");

    /// <summary>The process, or the app host on its behalf, has said something.</summary>
    public void Say(string line, bool isError)
    {
        printer.Print(instance.Name, line);
        logs.Add(instance.Resource, line, isError);
    }

    private void Close(string state, string reason) => Publish(snapshot => snapshot with
    {
        State = state,
        HealthStatus = null,
        StopTimeStamp = DateTime.UtcNow,
        Reason = reason,
    });

    private UrlSnapshot Url(EndpointAnnotation endpoint) =>
        new(endpoint.Name, new EndpointReference((IResourceWithEndpoints)instance.Resource, endpoint.Name).Url, IsInternal: false);

    private void Publish(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) =>
        notifications.Publish(instance.Resource, instance.Name, change);
}
