using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Projects of the solution.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <param name="builder">The application.</param>
    /// <param name="name">Name of the resource.</param>
    /// <param name="projectPath">Path of the .csproj file, relative to the app host's folder.</param>
    /// <remarks>Its build output runs, in the configuration of the app host. Nothing is built here.</remarks>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder,
        string name,
        string projectPath) =>
        builder.AddResource(new ProjectResource(name))
            .WithAnnotation(new ProjectPathAnnotation(Path.GetFullPath(projectPath, builder.AppHostDirectory)));

    /// <summary>Runs the project several times. Others see one endpoint, whose connections go to the processes in turn.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        return builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);
    }
}
