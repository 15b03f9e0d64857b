using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client.Balancer;
using Microsoft.Extensions.Logging;

namespace Realiz3D.Mesh.ServiceDefaults;

/// <summary>Turns <c>dns:///name:port</c> into all addresses of the name, and looks again every two seconds.</summary>
/// <remarks>
/// A pod that joins or leaves changes the addresses of a headless Kubernetes service, and nobody tells. The factory that
/// Grpc.Net.Client brings asks at most once in 15 seconds, whatever interval it is given (grpc/grpc-dotnet, DnsResolver.cs).
/// </remarks>
/// <param name="lookUp">Finds the addresses of a name.</param>
internal sealed class PodNames(Func<string, CancellationToken, Task<IPAddress[]>> lookUp) : ResolverFactory
{
    /// <summary>A pod that joins is known after so long at the latest, as soon as the name server tells.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public override string Name => "dns";

    /// <inheritdoc/>
    public override Resolver Create(ResolverOptions options) => new PodNameResolver(options.Address, options.LoggerFactory, lookUp);

    private sealed class PodNameResolver(Uri address, ILoggerFactory logs, Func<string, CancellationToken, Task<IPAddress[]>> lookUp)
        : PollingResolver(logs)
    {
        private readonly Uri _target = new($"http://{address.AbsolutePath.TrimStart('/')}");
        private Timer? _timer;

        protected override void OnStarted() => _timer = new Timer(_ => LookAgain(), null, Interval, Interval);

        protected override async Task ResolveAsync(CancellationToken cancellationToken)
        {
            try
            {
                var found = await lookUp(_target.Host, cancellationToken).ConfigureAwait(false);
                Listener(ResolverResult.ForResult([.. found.Select(ip => new BalancerAddress(ip.ToString(), _target.Port))]));
            }
            catch (SocketException none)
            {
                // A headless service has no name while none of its pods is ready.
                Listener(ResolverResult.ForFailure(new Status(
                    StatusCode.Unavailable, $"The name '{_target.Host}' has no address now ({none.SocketErrorCode}).")));
            }
        }

        protected override void Dispose(bool disposing)
        {
            _timer?.Dispose();
            base.Dispose(disposing);
        }

        private void LookAgain()
        {
            try
            {
                Refresh();
            }
            catch (ObjectDisposedException)
            {
                // The channel was closed at this moment.
            }
        }
    }
}
