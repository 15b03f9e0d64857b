using System.Globalization;
using Realiz3D.Mesh.Serving;
using Realiz3D.Mesh.Storage;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>Settings of the denoiser, checked at the start.</summary>
/// <param name="Models">Folder of model folders. Where it is missing there are no models, and calls say so.</param>
/// <param name="DefaultModel">Model for requests that name none.</param>
/// <param name="Artifacts">Folder of the artifact store.</param>
/// <param name="Device">Where to compute.</param>
/// <param name="Batcher">Limits of the step batcher.</param>
/// <param name="Cache">Limits of the cache.</param>
internal sealed record DenoiserOptions(
    string Models, string DefaultModel, string Artifacts, Device Device, StepBatcherOptions Batcher, CacheOptions Cache)
{
    /// <summary>Name of the model that the repository brings.</summary>
    public const string Mini = "realiz3d-mini";

    /// <summary>
    /// Reads REALIZ3D_MODELS, REALIZ3D_MODEL, REALIZ3D_ARTIFACTS, REALIZ3D_DEVICE, REALIZ3D_BATCH, REALIZ3D_QUEUE,
    /// REALIZ3D_QUEUE_SECONDS, ConnectionStrings__cache, REALIZ3D_CACHE_MIB and REALIZ3D_CACHE_HOURS.
    /// </summary>
    /// <param name="configuration">Environment and command line.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="DenoiserStartException">A setting is wrong.</exception>
    public static DenoiserOptions Read(IConfiguration configuration)
    {
        var models = configuration["REALIZ3D_MODELS"] is { Length: > 0 } folder ? folder : "services/denoiser/models";
        var queue = configuration["REALIZ3D_QUEUE"] is { Length: > 0 } limit ? limit : "1024";
        if (!int.TryParse(queue, out var items) || items is < 2 or > 1_000_000)
        {
            throw new DenoiserStartException($"REALIZ3D_QUEUE is \"{queue}\"; say 2 to 1000000 denoise steps.");
        }

        return new DenoiserOptions(
            Path.GetFullPath(models),
            configuration["REALIZ3D_MODEL"] is { Length: > 0 } name ? name : Mini,
            configuration[ArtifactStore.DirectoryVariable] is { Length: > 0 } artifacts
                ? artifacts
                : ArtifactStore.FromEnvironment().Root,
            ReadDevice(configuration[ComputeDevice.Variable]),
            new StepBatcherOptions(
                MaxBatchItems: (int)Number(configuration, "REALIZ3D_BATCH", 32, (1, 1024), "items"),
                MaxQueuedItems: items,
                MaxWorkSeconds: Number(configuration, "REALIZ3D_QUEUE_SECONDS", 120, (1, 86_400), "seconds of work"),
                LeastStep: ComputeDevice.SimulatedStep(configuration[ComputeDevice.Variable])),
            new CacheOptions(
                configuration.GetConnectionString("cache") ?? "",
                (long)(Number(configuration, "REALIZ3D_CACHE_MIB", 32, (0, 1 << 20), "MiB") * (1 << 20)),
                TimeSpan.FromHours(Number(configuration, "REALIZ3D_CACHE_HOURS", 24, (0.001, 8760), "hours"))));
    }

    private static double Number(IConfiguration configuration, string name, double usual, (double Least, double Most) range, string unit)
    {
        if (configuration[name] is not { Length: > 0 } text)
        {
            return usual;
        }

        return double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= range.Least && number <= range.Most
            ? number
            : throw new DenoiserStartException($"{name} is \"{text}\"; say {range.Least} to {range.Most} {unit}.");
    }

    private static Device ReadDevice(string? wish)
    {
        try
        {
            return ComputeDevice.Choose(wish, cuda.device_count());
        }
        catch (InvalidOperationException problem)
        {
            throw new DenoiserStartException(problem.Message, problem);
        }
    }
}
