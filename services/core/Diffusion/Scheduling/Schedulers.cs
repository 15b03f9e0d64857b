namespace Realiz3D.Mesh.Diffusion;

/// <summary>Makes the sampler that a folder's <c>scheduler_config.json</c> names.</summary>
public static class Schedulers
{
    private static readonly Dictionary<string, Entry> ByClass = new()
    {
        ["DDIMScheduler"] = new((schedule, options) => new DdimScheduler(schedule, options), typeof(NoOptions)),
        ["DDPMScheduler"] = new((schedule, options) => new DdpmScheduler(schedule, options), typeof(DdpmOptions)),
        ["DPMSolverMultistepScheduler"] =
            new((schedule, options) => new DpmSolverMultistepScheduler(schedule, options), typeof(DpmSolverOptions), UsesSigmas: true),
        ["EulerAncestralDiscreteScheduler"] =
            new((schedule, options) => new EulerAncestralDiscreteScheduler(schedule, options), typeof(NoOptions), UsesSigmas: true),
        ["EulerDiscreteScheduler"] =
            new((schedule, options) => new EulerDiscreteScheduler(schedule, options), typeof(EulerOptions), UsesSigmas: true),
        ["LCMScheduler"] = new((schedule, options) => new LcmScheduler(schedule, options), typeof(LcmOptions)),
        ["PNDMScheduler"] = new((schedule, options) => new PndmScheduler(schedule, options), typeof(PndmOptions)),
        ["UniPCMultistepScheduler"] =
            new((schedule, options) => new UniPCMultistepScheduler(schedule, options), typeof(UniPCOptions), UsesSigmas: true),
    };

    /// <summary>The classes that exist here.</summary>
    public static IReadOnlyCollection<string> Classes => ByClass.Keys;

    /// <summary>Makes a sampler; it keeps no state and can be shared.</summary>
    /// <param name="schedule">Noise schedule, whose configuration names the class.</param>
    /// <param name="options">Number of steps and the like.</param>
    /// <returns>The sampler.</returns>
    /// <exception cref="ArgumentException">One sentence names the key or the option that is impossible.</exception>
    public static IScheduler Create(NoiseSchedule schedule, SamplingOptions options) =>
        ByClass[schedule.Config.ClassName].Make(schedule, options);

    /// <summary>Keys of a configuration that its class does not know; they change nothing and deserve a warning.</summary>
    /// <param name="config">Configuration.</param>
    /// <returns>The keys.</returns>
    public static IReadOnlyList<string> UnknownKeys(SchedulerConfig config)
    {
        var known = ByClass.TryGetValue(config.ClassName, out var entry) ? ConfigFile.KeysOf(entry.Options) : new HashSet<string>();
        return [.. (config.OtherKeys?.Keys ?? []).Where(key => !key.StartsWith('_') && !known.Contains(key)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Whether a class computes with sigmas, which must stay finite.</summary>
    internal static bool UseSigmas(string className) => ByClass.TryGetValue(className, out var entry) && entry.UsesSigmas;

    /// <summary>Says what is wrong with the keys that only the class itself knows.</summary>
    internal static string? Problem(SchedulerConfig config) => ByClass.TryGetValue(config.ClassName, out var entry)
        ? config.Options(entry.Options).Problem()
        : $"_class_name {config.ClassName} is unknown; known are {string.Join(", ", ByClass.Keys)}.";

    private sealed record Entry(
        Func<NoiseSchedule, SamplingOptions, IScheduler> Make, Type Options, bool UsesSigmas = false);

    /// <summary>A class without keys of its own.</summary>
    private sealed record NoOptions : IComponentConfig
    {
        public string? Problem() => null;
    }
}
