using System.Security.Cryptography;
using System.Text;

namespace Realiz3D.Mesh.Gateway;

/// <summary>The keys of <c>REALIZ3D_API_KEYS</c>, separated by commas; without any the gateway serves its own machine only.</summary>
/// <remarks>Only hashes are kept, and all of them are compared in constant time: how long a refusal takes tells nothing.</remarks>
internal sealed class ApiKeys(IConfiguration configuration)
{
    private readonly byte[][] _hashes =
    [
        .. (configuration["REALIZ3D_API_KEYS"] ?? string.Empty)
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(HashOf),
    ];

    /// <summary>Whether callers need a key.</summary>
    public bool Any => _hashes.Length > 0;

    /// <summary>A name for the key that is fit for logs and limits, or null when it is no key of ours.</summary>
    public string? NameOf(string key)
    {
        var hash = HashOf(key);
        var known = false;
        foreach (var candidate in _hashes)
        {
            known |= CryptographicOperations.FixedTimeEquals(candidate, hash);
        }

        return known ? $"key {Convert.ToHexStringLower(hash.AsSpan(0, 4))}" : null;
    }

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
