using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Execution;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Declares the resources of an application, on top of the generic host.</summary>
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly List<IResource> _resources = [];

    /// <param name="args">Command line of the app host.</param>
    public DistributedApplicationBuilder(string[] args)
    {
        _host = new HostApplicationBuilder(args);
        _host.Logging.SetMinimumLevel(LogLevel.Warning);
        _host.Services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
        // Longer than a process gets to stop by itself, see ResourceProcess.
        _host.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(40));
        // Upstream's SDK writes this attribute; here the app host's project file does.
        AppHostDirectory = Assembly.GetEntryAssembly()?.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(data => data.Key == "apphostprojectpath")?.Value ?? Directory.GetCurrentDirectory();
    }

    public ConfigurationManager Configuration => _host.Configuration;

    public string AppHostDirectory { get; }

    public IHostEnvironment Environment => _host.Environment;

    public IServiceCollection Services => _host.Services;

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        if (_resources.Any(other => string.Equals(other.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new DistributedApplicationException(
                $"Cannot add resource of type '{typeof(T)}' with name '{resource.Name}': the name is taken.");
        }

        _resources.Add(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    public DistributedApplication Build()
    {
        var notifications = new ResourceNotificationService();
        var logs = new ResourceLoggerService();
        _host.Services.AddSingleton(notifications);
        _host.Services.AddSingleton(logs);
        _host.Services.AddHostedService(_ =>
            new ApplicationRunner(_resources, notifications, logs, new LogPrinter(Console.Out, _resources), Environment.EnvironmentName));
        return new DistributedApplication(_host.Build());
    }
}
