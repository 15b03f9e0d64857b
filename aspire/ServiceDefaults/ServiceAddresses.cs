using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Realiz3D.Mesh.ServiceDefaults;

/// <summary>Finds the addresses of a service in the configuration, where the app host or a deployment put them.</summary>
public static class ServiceAddresses
{
    /// <summary>All addresses of a service, in order; empty when there is none.</summary>
    /// <param name="configuration">Read for <c>services:NAME:http:0</c> and so on (in the environment <c>services__NAME__http__0</c>).</param>
    /// <param name="service">Resource name, such as "denoiser". The pods <c>denoiser-0</c>, <c>denoiser-1</c>, ... count too.</param>
    public static IReadOnlyList<Uri> Find(IConfiguration configuration, string service)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentException.ThrowIfNullOrEmpty(service);

        var all = configuration.GetSection("services").GetChildren();
        return [.. all
            .Select(section => (Section: section, Order: OrderOf(section.Key, service)))
            .Where(candidate => candidate.Order is not null)
            .OrderBy(candidate => candidate.Order)
            .SelectMany(candidate => candidate.Section.GetSection("http").GetChildren())
            .Select(address => AddressOf(address, service))
            .Distinct()];
    }

    /// <summary>-1 for the service itself, the number for a pod of it, null for another service.</summary>
    private static int? OrderOf(string key, string service)
    {
        if (key.Equals(service, StringComparison.OrdinalIgnoreCase))
        {
            return -1;
        }

        return key.StartsWith(service + "-", StringComparison.OrdinalIgnoreCase)
            && int.TryParse(key.AsSpan(service.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var pod)
                ? pod
                : null;
    }

    private static Uri AddressOf(IConfigurationSection address, string service) =>
        Uri.TryCreate(address.Value, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https" or "dns")
            ? uri
            : throw new InvalidOperationException(
                $"The address '{address.Value}' of the service '{service}' is not an http, https or dns address.");
}
