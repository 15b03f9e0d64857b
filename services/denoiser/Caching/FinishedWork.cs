using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Denoising;

/// <summary>Finished work by what was asked for: the artifact's id, as long as the store has it.</summary>
/// <remarks>
/// Only what ran alone is kept, from beginning to end: a hit has the bytes that the request gives by itself, so that with the cache and
/// without it the same request gives the same bytes.
/// </remarks>
internal sealed class FinishedWork(DenoiseCache cache, ArtifactStore artifacts)
{
    /// <summary>SHA-256 of all that determines a job: what is asked, weights, settings and sampler.</summary>
    /// <param name="model">The model.</param>
    /// <param name="steps">Sampler steps.</param>
    /// <param name="told">The request with defaults filled in and without what only says how it is run.</param>
    /// <returns>64 hexadecimal digits.</returns>
    public static string Fingerprint(LoadedModel model, int steps, IMessage told)
    {
        var sampler = model.Sampler(steps);
        var visits = string.Join(' ', sampler.Timesteps.Concat(sampler.Sigmas));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(
            $"{told.Descriptor.FullName} {model.Hash} {model.Settings} {sampler.GetType().Name} {model.Schedule.Config.PredictionType} {visits} "));
        hash.AppendData(told.ToByteArray());
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Names a job's result. Other builds and kinds of device round otherwise.</summary>
    /// <param name="kind"><c>views</c> or <c>image</c>.</param>
    /// <param name="model">The model.</param>
    /// <param name="fingerprint">Of the job.</param>
    /// <returns>The key.</returns>
    public static CacheKey KeyOf(string kind, LoadedModel model, string fingerprint) => new(
        kind, model.Name, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{model.Identity} {fingerprint}"))));

    /// <summary>Looks for the result of a job.</summary>
    /// <param name="key">The job.</param>
    /// <returns>The artifact's id; null when there is none.</returns>
    public async Task<string?> FindAsync(CacheKey key)
    {
        var found = await cache.FindAsync(key, id => artifacts.Exists(Encoding.ASCII.GetString(id))).ConfigureAwait(false);
        return found is null ? null : Encoding.ASCII.GetString(found);
    }

    /// <summary>Keeps the result of a job.</summary>
    /// <param name="key">The job.</param>
    /// <param name="id">The artifact's id.</param>
    public Task KeepAsync(CacheKey key, string id) => cache.KeepAsync(key, Encoding.ASCII.GetBytes(id));
}
