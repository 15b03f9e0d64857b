using System.Collections.Concurrent;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Serving;

namespace Realiz3D.Mesh.Denoising;

/// <summary>A request names a model that is not there.</summary>
internal sealed class UnknownModelException(string message) : Exception(message);

/// <summary>The models of the model folder: which there are, and which are in memory.</summary>
/// <remarks>A model is loaded by the first call that names it and stays until it is unloaded.</remarks>
internal sealed class ModelCatalog(DenoiserOptions options, ILogger<ModelCatalog> logger) : IDisposable
{
    private readonly Dictionary<string, LoadedModel> _loaded = [];
    private readonly ConcurrentDictionary<string, (long Bytes, DateTime Newest, string Hash)> _hashes = new();
    private readonly Lock _lock = new();

    /// <summary>Loads the default model at the start and takes a first step, so that no caller waits for either.</summary>
    /// <param name="batcher">Runs the step.</param>
    /// <returns>False when there is none: calls then have to name a model.</returns>
    /// <exception cref="DenoiserStartException">It is broken.</exception>
    public async Task<bool> WarmUpDefaultAsync(StepBatcher batcher)
    {
        try
        {
            var (model, use) = Take("");
            using var holds = use;
            await model.WarmUpAsync(batcher).ConfigureAwait(false);
            return true;
        }
        catch (UnknownModelException)
        {
            return false;
        }
        catch (MalformedFileException problem)
        {
            throw new DenoiserStartException(problem.Message, problem);
        }
    }

    /// <summary>All models by name.</summary>
    public IReadOnlyList<ModelInfo> List() =>
        [.. (Directory.Exists(options.Models) ? Directory.EnumerateDirectories(options.Models) : [])
            .Where(folder => File.Exists(Path.Combine(folder, "model_index.json")))
            .Select(folder => Path.GetFileName(folder))
            .Order(StringComparer.Ordinal)
            .Select(Describe)];

    /// <summary>Takes a model for a call, loading it if need be.</summary>
    /// <param name="name">Its name; empty for the default.</param>
    /// <returns>The model, and a use of it to dispose when the call ends.</returns>
    /// <exception cref="UnknownModelException">There is no such model.</exception>
    /// <exception cref="MalformedFileException">Its folder cannot be loaded.</exception>
    public (LoadedModel Model, IDisposable Use) Take(string name)
    {
        lock (_lock)
        {
            var model = LoadLocked(name);
            return (model, model.Use()!); // what is in the table has the table's own use
        }
    }

    /// <summary>Loads a model; one that is loaded stays.</summary>
    /// <param name="name">Its name; empty for the default.</param>
    /// <returns>The model.</returns>
    public ModelInfo Load(string name)
    {
        lock (_lock)
        {
            return Describe(LoadLocked(name).Name);
        }
    }

    /// <summary>Takes a model out; its memory goes with the last call that uses it.</summary>
    /// <param name="name">Its name; empty for the default.</param>
    /// <returns>The model.</returns>
    public ModelInfo Unload(string name)
    {
        var (known, _) = Find(name);
        lock (_lock)
        {
            if (_loaded.Remove(known, out var model))
            {
                model.Dispose();
            }

            return Describe(known);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var model in _loaded.Values)
            {
                model.Dispose();
            }

            _loaded.Clear();
        }
    }

    private LoadedModel LoadLocked(string name)
    {
        var (known, folder) = Find(name);
        if (!_loaded.TryGetValue(known, out var model))
        {
            model = LoadedModel.Load(known, folder, options.Device);
            _loaded.Add(known, model);
            foreach (var warning in model.Warnings)
            {
                Log.ModelWarning(logger, known, warning);
            }
        }

        return model;
    }

    private (string Name, string Folder) Find(string name)
    {
        var known = name.Length == 0 ? options.DefaultModel : name;
        var folder = Path.Combine(options.Models, known);

        // A name is one folder's name, never a way out of the model folder.
        return known == Path.GetFileName(known) && known is not ("." or "..") && Directory.Exists(folder)
            ? (known, folder)
            : throw new UnknownModelException($"There is no model \"{known}\" in {options.Models}.");
    }

    private ModelInfo Describe(string name)
    {
        var folder = Path.Combine(options.Models, name);
        var files = new DirectoryInfo(folder).GetFiles("*.safetensors", SearchOption.AllDirectories);
        bool loaded;
        lock (_lock)
        {
            loaded = _loaded.ContainsKey(name);
        }

        var info = new ModelInfo
        {
            Name = name,
            Licence = ModelCard.Licence(folder),
            Loaded = loaded,
            WeightBytes = files.Sum(file => file.Length),
        };
        try
        {
            info.Kind = ModelKinds.Of(ModelFolder.Open(folder));
            info.ModelHash = HashOf(name, folder, files);
            info.Domains.AddRange(ModelKinds.Domains(info.Kind));
            (info.DefaultStepCount, info.DefaultGuidanceScale) = ModelKinds.Defaults(info.Kind);
        }
        catch (MalformedFileException problem)
        {
            info.Problem = problem.Message; // one broken folder must not hide the others
        }

        return info;
    }

    // Hashing reads every byte, so the result is kept until a file changes.
    private string HashOf(string name, string folder, FileInfo[] files)
    {
        var (bytes, newest) = (files.Sum(file => file.Length), files.Select(file => file.LastWriteTimeUtc).DefaultIfEmpty().Max());
        if (_hashes.TryGetValue(name, out var known) && known.Bytes == bytes && known.Newest == newest)
        {
            return known.Hash;
        }

        var hash = ModelFolder.Open(folder).ComputeHash();
        _hashes[name] = (bytes, newest, hash);
        return hash;
    }
}
