using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Realiz3D.Mesh.Gateway;

/// <summary>Turns <c>dns:///name:port</c> into one destination per address of the name, again every few seconds.</summary>
/// <remarks>
/// A headless Kubernetes service has no name while none of its pods is ready. YARP's own resolver then stops the gateway;
/// here the service is without pods until they come.
/// </remarks>
internal sealed class PodResolver : IDestinationResolver
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2); // as the services' own channels do

    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations,
        CancellationToken cancellationToken)
    {
        var resolved = new Dictionary<string, DestinationConfig>();
        var byName = false;
        foreach (var (pod, destination) in destinations)
        {
            var address = new Uri(destination.Address);
            if (address.Scheme != "dns")
            {
                resolved[pod] = destination;
                continue;
            }

            byName = true;
            var target = new Uri($"http://{address.AbsolutePath.TrimStart('/')}");
            foreach (var ip in await AddressesOfAsync(target.Host, cancellationToken))
            {
                var one = new UriBuilder(target) { Host = ip.ToString() }.Uri.ToString();
                resolved[$"{pod} {ip}"] = new DestinationConfig { Address = one };
            }
        }

        return new ResolvedDestinationCollection(
            resolved,
            byName ? new CancellationChangeToken(new CancellationTokenSource(AskAgain).Token) : null);
    }

    private static async Task<IPAddress[]> AddressesOfAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(name, cancellationToken);
        }
        catch (SocketException)
        {
            return [];
        }
    }
}
