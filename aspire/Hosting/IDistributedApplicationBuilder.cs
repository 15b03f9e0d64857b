using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Declares the resources of an application.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>Settings: arguments, environment variables, appsettings.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>Folder of the app host's project. Project paths are relative to it.</summary>
    string AppHostDirectory { get; }

    /// <summary>Name of the environment (Production, Development).</summary>
    IHostEnvironment Environment { get; }

    /// <summary>Services of the app host itself.</summary>
    IServiceCollection Services { get; }

    /// <summary>Adds a resource.</summary>
    /// <exception cref="DistributedApplicationException">The name is taken.</exception>
    IResourceBuilder<T> AddResource<T>(T resource) where T : IResource;

    /// <summary>Closes the list of resources.</summary>
    DistributedApplication Build();
}
