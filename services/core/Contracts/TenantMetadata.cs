using Grpc.Core;

namespace Realiz3D.Mesh.Contracts;

/// <summary>Who pays for a call: metadata that the gateway writes over whatever the caller sent, and that services hand on.</summary>
public static class TenantMetadata
{
    /// <summary>Its key.</summary>
    public const string Header = "realiz3d-tenant";

    private const int MaxLength = 100;

    /// <summary>Reads the name.</summary>
    /// <param name="headers">What came with the call.</param>
    /// <returns>The name; empty where there is none.</returns>
    /// <exception cref="InvalidDataException">It is too long, or does not travel as metadata.</exception>
    public static string Read(Metadata headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        var tenant = headers.GetValue(Header) ?? "";
        return tenant.Length <= MaxLength && tenant.All(letter => letter is >= ' ' and <= '~')
            ? tenant
            : throw new InvalidDataException($"{Header} must have at most {MaxLength} characters, all of them printable ASCII.");
    }

    /// <summary>Metadata for a call on a tenant's behalf.</summary>
    /// <param name="tenant">The name; empty for none.</param>
    public static Metadata Of(string tenant) => string.IsNullOrEmpty(tenant) ? [] : new Metadata { { Header, tenant } };
}
