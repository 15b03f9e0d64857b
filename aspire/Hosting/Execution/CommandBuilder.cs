using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Execution;

/// <summary>Turns a resource and its notes into a program, its arguments and its environment.</summary>
internal static class CommandBuilder
{
    /// <param name="instance">The process to be.</param>
    /// <param name="environmentName">Production, Development.</param>
    /// <param name="folder">For Redis: where it keeps its data.</param>
    /// <param name="cancel">Stops waiting for values.</param>
    public static async Task<ProcessCommand> BuildAsync(
        ResourceInstance instance,
        string environmentName,
        string? folder,
        CancellationToken cancel)
    {
        var arguments = await ArgumentsAsync(instance.Resource, cancel).ConfigureAwait(false);
        var environment = await EnvironmentAsync(instance, environmentName, cancel).ConfigureAwait(false);

        return instance.Resource switch
        {
            ProjectResource project => Project(project, arguments, environment),
            RedisResource redis => RedisCommand.Build(redis, instance.Ports.Values.First(), arguments, environment, folder!, Programs.Find),
            ExecutableResource program => new(program.Command, arguments, environment, program.WorkingDirectory),
            var other => throw new DistributedApplicationException($"{other.Name}: a {other.GetType().Name} cannot be run here."),
        };
    }

    private static ProcessCommand Project(
        ProjectResource project,
        List<string> arguments,
        Dictionary<string, string> environment)
    {
        var path = project.Annotations.OfType<ProjectPathAnnotation>().Single().ProjectPath;
        var assembly = BuiltAssembly(path);
        return new("dotnet", [assembly, .. arguments], environment, Path.GetDirectoryName(path)!);
    }

    /// <summary>The built program of a project: artifacts/bin/PROJECT/CONFIGURATION, beside that of the app host.</summary>
    private static string BuiltAssembly(string projectPath)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var folder = Path.Combine(own.Parent!.Parent!.FullName, Path.GetFileNameWithoutExtension(projectPath), own.Name);
        var settings = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.runtimeconfig.json") : [];
        return settings is [var only]
            ? only.Replace(".runtimeconfig.json", ".dll", StringComparison.Ordinal)
            : throw new DistributedApplicationException($"{projectPath} is not built: {folder} holds no program.");
    }

    private static async Task<List<string>> ArgumentsAsync(IResource resource, CancellationToken cancel)
    {
        var context = new CommandLineArgsCallbackContext(resource, cancel);
        foreach (var annotation in resource.Annotations.OfType<ArgumentsAnnotation>())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        List<string> arguments = [];
        foreach (var argument in context.Args)
        {
            arguments.Add(await TextAsync(argument, cancel).ConfigureAwait(false));
        }

        return arguments;
    }

    private static async Task<Dictionary<string, string>> EnvironmentAsync(
        ResourceInstance instance,
        string environmentName,
        CancellationToken cancel)
    {
        var context = new EnvironmentCallbackContext(instance.Resource, cancel);
        AddDefaults(instance, environmentName, context.EnvironmentVariables);
        foreach (var annotation in instance.Resource.Annotations.OfType<EnvironmentAnnotation>())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        Dictionary<string, string> environment = [];
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            environment[name] = await TextAsync(value, cancel).ConfigureAwait(false);
        }

        return environment;
    }

    /// <summary>What every process is told: who it is, where it listens.</summary>
    private static void AddDefaults(ResourceInstance instance, string environmentName, Dictionary<string, object> variables)
    {
        foreach (var (endpoint, port) in instance.Ports)
        {
            if (endpoint.EnvironmentVariable is { } name)
            {
                variables[name] = port.ToString(CultureInfo.InvariantCulture);
            }
        }

        if (instance.Resource is ProjectResource)
        {
            variables["ASPNETCORE_ENVIRONMENT"] = environmentName;
            variables["DOTNET_ENVIRONMENT"] = environmentName;
            variables["OTEL_SERVICE_NAME"] = instance.Resource.Name;
            variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instance.Name}";
            if (instance.Ports.Count > 0)
            {
                variables["ASPNETCORE_URLS"] = string.Join(';', instance.Ports.Values.Select(port => $"http://127.0.0.1:{port}"));
            }
        }
    }

    private static async Task<string> TextAsync(object value, CancellationToken cancel) => value switch
    {
        string text => text,
        IValueProvider provider => await provider.GetValueAsync(cancel).ConfigureAwait(false) ?? string.Empty,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
    };
}
